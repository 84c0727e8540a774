"""A batch that is killed goes on with the same bytes; what cannot be read or written leaves nothing half-written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from .test_tables import RULES, batch, rows, typed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.rules").write_text(RULES, "utf-8")
    frame = pl.concat([typed(rows())] * 50).with_columns(pl.int_range(pl.len()).cast(pl.String).alias("unit"))
    frame.write_parquet(tmp_path / "units.parquet", row_group_size=250)
    return tmp_path


def command(folder: Path, out: str) -> list[str]:
    return [sys.executable, "-m", "ruleeval", "batch", str(folder / "rules.rules"), str(folder / "units.parquet"), "-o", str(folder / out)]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_killed_batch_goes_on_with_the_same_bytes(folder: Path, ending: str) -> None:
    """Killed as soon as some parts are there, again and again until it is done."""
    code, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / f"whole.{ending}"))
    assert code == 0, text
    out = folder / f"out.{ending}"
    work = folder / f"out.{ending}.parts"
    killed = 0
    for wanted in (1, 4):
        process = subprocess.Popen(command(folder, out.name), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None and len(list(work.glob("*.parquet"))) < wanted:
            time.sleep(0.002)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            assert not out.exists()
    assert killed, "the batch was never killed in time"
    parts = {p.name: p.stat().st_mtime_ns for p in work.glob("0*.parquet")}
    assert parts
    assert subprocess.run(command(folder, out.name), capture_output=True, check=False).returncode == 0
    assert out.read_bytes() == (folder / f"whole.{ending}").read_bytes()
    assert not work.exists()


def test_a_corrupt_row_group_is_named_and_no_result_is_left(folder: Path) -> None:
    import pyarrow.parquet as pq

    path = folder / "units.parquet"
    place = pq.ParquetFile(path).metadata.row_group(3).column(4)
    content = bytearray(path.read_bytes())
    start = place.dictionary_page_offset or place.data_page_offset
    content[start : start + place.total_compressed_size] = b"\xff" * place.total_compressed_size
    path.write_bytes(content)
    code, text = batch(folder, str(path), "-o", str(folder / "out.parquet"), "--lang", "en")
    assert code == 1
    assert "E993" in text
    assert "row group 4" in text
    assert not (folder / "out.parquet").exists()


@pytest.mark.parametrize("content", [b"", b"PAR1 is not all it takes", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_what_is_no_parquet_is_said_to_be_none(folder: Path, content: bytes) -> None:
    (folder / "units.parquet").write_bytes(content)
    code, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"))
    assert code == 1
    assert "E993" in text
    assert not list(folder.glob("out*"))


def test_a_full_disk_leaves_nothing_half_written(folder: Path) -> None:
    """A limit on the size of files, hit while the result is put together, then lifted."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = subprocess.run([*command(folder, "out.csv"), "--lang", "en"], capture_output=True, text=True, preexec_fn=limited, check=False)
    assert done.returncode == 1, done.stdout
    assert "E995" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "out.csv").exists()
    assert not list(folder.rglob("*.new"))
    assert subprocess.run(command(folder, "out.csv"), capture_output=True, check=False).returncode == 0
    assert len(pl.read_csv(folder / "out.csv", infer_schema=False)) == 2000


@pytest.mark.skipif(os.geteuid() != 0, reason="test_a_disk_that_is_full: only root may mount a small disk; it did not run")
def test_a_disk_that_is_full(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("test_a_disk_that_is_full: no small disk can be mounted here; it did not run")
    try:
        code, text = batch(folder, str(folder / "units.parquet"), "-o", str(disk / "out.parquet"))
        assert code == 1
        assert "E995" in text
        assert not (disk / "out.parquet").exists()
        assert not list(disk.rglob("*.new"))
    finally:
        subprocess.run(["umount", str(disk)], check=False)
