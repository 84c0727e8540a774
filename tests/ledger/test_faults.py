"""The ledger when things go wrong: killed at any write, two writers at once, no room, no permission.

`RULEEVAL_FAULTS=all` tries every write; otherwise a share of them, spread evenly.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stepping import Stepped, can_step

from ruleeval.dsl.wording import render
from ruleeval.engine.chain import Break, canonical
from ruleeval.files.ledger.database import LedgerError
from ruleeval.files.ledger.schema import REVISIONS, VERSION_TABLE
from ruleeval.files.ledger.store import Actor, Ledger, ledger_at

HERE = Path(__file__).parent
SCRIPT = HERE / "append_one.py"
ALL = os.environ.get("RULEEVAL_FAULTS") == "all"
#: What a process loads before it is watched, so that only the ledger's own writes are counted.
IMPORTS = "import ruleeval.files.ledger.store, ruleeval.files.ledger.sqlite"
IMPORTS_SERVER = IMPORTS + ", sqlalchemy.dialects.postgresql.psycopg, alembic.command, alembic.config"
TESTER = Actor("tester", "given")

stepping = pytest.mark.skipif(not can_step(), reason="only Linux lets a test stop a program at a system call: not tried here")


def imports_for(place: str) -> str:
    return IMPORTS_SERVER if "://" in place else IMPORTS


def share(total: int, most: int, place: str) -> list[int]:
    """Every write from 1 to ``total``, or about ``most`` of them (fewer on a server, which takes longer)."""
    step = 1 if ALL else max(1, total // (most // 3 if "://" in place else most))
    return sorted({*range(1, total + 1, step), total})


def whats(place: str) -> list[str]:
    with ledger_at(place) as ledger:
        assert ledger.verify() == []
        found = [e.data["what"] for e in ledger.entries()]
        assert [e.number for e in ledger.entries()] == list(range(1, len(found) + 1))
        return found


def appended(place: str, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, place, what], capture_output=True, text=True, check=False, timeout=60)


def writes_of(place: str, what: str) -> int:
    """How many writes appending one entry takes."""
    run = Stepped(SCRIPT, [place, what], imports_for(place))
    run.to_write(10_000)
    assert run.status == 0
    return len(run.writes)


@stepping
def test_killed_at_any_write_the_ledger_holds_all_that_was_committed_and_nothing_half(new_place: Callable[[], str]) -> None:
    total = writes_of(trial := new_place(), "first")
    assert total >= 5
    assert whats(trial) == ["first"]
    place = new_place()
    assert appended(place, "kept").returncode == 0
    expected = ["kept"]
    for number in share(writes_of(trial, "second"), 16, place):
        run = Stepped(SCRIPT, [place, f"killed at {number}"], imports_for(place))
        run.to_write(number)
        run.kill()
        assert run.status in (-signal.SIGKILL, 0)
        now = whats(place)
        assert now in (expected, [*expected, f"killed at {number}"]), run.writes
        after = appended(place, f"after {number}")
        assert after.returncode == 0, after.stderr
        expected = [*now, f"after {number}"]
        assert whats(place) == expected


@stepping
def test_killed_while_it_is_made_a_ledger_can_be_made_again(new_place: Callable[[], str]) -> None:
    for number in share(writes_of(trial := new_place(), "trial"), 6, trial):
        place = new_place()
        run = Stepped(SCRIPT, [place, "first"], imports_for(place))
        run.to_write(number)
        run.kill()
        assert appended(place, "second").returncode == 0
        assert whats(place) in (["second"], ["first", "second"]), run.writes


@stepping
def test_two_writers_interleaved_at_any_write_lose_nothing(new_place: Callable[[], str]) -> None:
    place = new_place()
    total = writes_of(place, "trial")
    total = writes_of(place, "trial again")
    expected = {"trial", "trial again"}
    for number in share(total, 10, place):
        one = Stepped(SCRIPT, [place, f"one {number}"], imports_for(place))
        one.to_write(number)
        other = subprocess.Popen([sys.executable, SCRIPT, place, f"other {number}"], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 0.5
        while other.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)  # it ends now, or waits for the first to go on
        if one.status is None:
            assert one.finish() == 0
        assert other.wait(60) == 0
        expected |= {f"one {number}", f"other {number}"}
        assert set(whats(place)) == expected
    assert len(whats(place)) == len(expected)


def test_many_writers_at_once_lose_nothing(place: str) -> None:
    started = [subprocess.Popen([sys.executable, SCRIPT, place, f"w{i}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for i in range(6)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert sorted(whats(place)) == [f"w{i}" for i in range(6)]


def test_what_raises_inside_a_transaction_leaves_nothing(place: str) -> None:
    with ledger_at(place, create=True) as ledger:
        ledger.append("note", {"what": "first"}, TESTER)
        with pytest.raises(TypeError):
            _append_both(ledger, {"what": "second"}, {"what": 0.5})
        assert list(ledger.texts()) == []
    assert whats(place) == ["first"]


def _append_both(ledger: Ledger, *bodies: dict[str, object]) -> None:
    with ledger.appending() as append:
        for body in bodies:
            append("note", body, TESTER, ["a text"])


def test_entries_can_be_neither_changed_nor_removed(place: str) -> None:
    with ledger_at(place, create=True) as ledger:
        ledger.append("note", {"what": "first"}, TESTER, ["a text"])
        for statement in ("UPDATE entries SET actor = 'x'", "DELETE FROM entries", "UPDATE texts SET content = ''", "DELETE FROM texts"):
            with pytest.raises(LedgerError) as told, ledger._database.writing():
                ledger._database.run(statement)
            assert told.value.diagnostic.code == "E764"
            assert "append-only" in told.value.diagnostic.facts["text"]
    assert whats(place) == ["first"]


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    place = tmp_path / "ledger.db"
    with ledger_at(str(place), create=True) as ledger:
        ledger.append("note", {"what": "first"}, TESTER)
    limit = place.stat().st_size

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    program = "import sys; from ruleeval.cli import main; main(sys.argv[1:])"
    unit = HERE.parents[1] / "rulesets" / "riverside-libraries" / "units" / "mill-lane.json"
    done = subprocess.run(
        [sys.executable, "-c", program, "ledger", "record", unit, "--ledger", place, "--lang", "zh"], preexec_fn=no_room,
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, env={**os.environ, "RULEEVAL_CACHE": "off", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "E754" in done.stderr
    assert "磁盘已满" in done.stderr
    assert whats(str(place)) == ["first"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(act: Callable[[], str]) -> str:
    """What ``act`` says, run in a process without root's rights."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            os.write(write, act().encode())
        except BaseException as error:
            os.write(write, repr(error).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return said


@pytest.mark.filterwarnings("ignore:This process")
def test_a_read_only_file_is_told_and_can_be_read(open_folder: Path) -> None:
    place = open_folder / "ledger.db"
    with ledger_at(str(place), create=True) as ledger:
        ledger.append("note", {"what": "first"}, TESTER)
    place.chmod(0o444)

    def append() -> str:
        try:
            with ledger_at(str(place), create=True) as ledger:
                ledger.append("note", {"what": "second"}, TESTER)
        except LedgerError as error:
            return error.diagnostic.code
        return "appended"

    assert as_nobody(append) == "E753"
    assert as_nobody(lambda: ",".join(whats(str(place)))) == "first"
    assert whats(str(place)) == ["first"]


def set_revision(place: str, revision: str) -> None:
    statement = f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'"
    if "://" not in place:
        with sqlite3.connect(place) as connection:
            connection.execute(statement)
        connection.close()
        return
    import psycopg

    with psycopg.connect(place) as connection:
        connection.execute(statement)


def test_a_ledger_of_a_newer_version_is_left_alone(place: str) -> None:
    with ledger_at(place, create=True) as ledger:
        ledger.append("note", {"what": "first"}, TESTER)
    set_revision(place, "0777")
    for create in (False, True):
        with pytest.raises(LedgerError) as told, ledger_at(place, create=create):
            pass
        message = render(told.value.diagnostic, "zh")
        assert (message.code, "0777" in message.summary, "未作改动" in message.summary) == ("E752", True, True)
    set_revision(place, "0001")
    assert whats(place) == ["first"]


def test_a_writer_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEEVAL_LEDGER_WAIT", "0")
    place = str(tmp_path / "ledger.db")
    with ledger_at(place, create=True) as ledger, ledger_at(place, create=True) as other, ledger.appending():
        with pytest.raises(LedgerError) as told:
            other.append("note", {"what": "second"}, TESTER)
        assert told.value.diagnostic.code == "E755"


@pytest.mark.parametrize(("content", "code"), [(b"no database at all, but a text of some length\n" * 30, "E751"), (b"", "E751")])
def test_a_file_that_is_no_ledger_is_told(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as told, ledger_at(str(path)):
        pass
    assert told.value.diagnostic.code == code
    assert path.read_bytes() == content


def test_another_programs_database_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE accounts (number INTEGER)")
    connection.close()
    with pytest.raises(LedgerError) as told, ledger_at(str(path), create=True):
        pass
    assert told.value.diagnostic.code == "E751"


@pytest.mark.parametrize(
    ("place", "code"),
    [("no-such-folder/x.db", "E750"), (".", "E750"), ("absent.db", "E750"), ("mysql://host/db", "E750"), ("a\0b.db", "E750"),
     ("postgresql://office:secret@localhost:1/none", "E750"), ("postgresql://[", "E750")],
)  # fmt: skip
def test_a_place_that_cannot_be_opened_is_told_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, code: str) -> None:
    monkeypatch.chdir(tmp_path)
    if place.startswith("postgresql"):
        pytest.importorskip("psycopg")
    with pytest.raises(LedgerError) as told, ledger_at(place):
        pass
    assert told.value.diagnostic.code == code
    assert "secret" not in canonical(dict(told.value.diagnostic.facts))


def rows(path: Path) -> list[object] | None:
    """Everything that a SQLite file says, or nothing if it cannot be read."""
    try:
        connection = sqlite3.connect(path)
        try:
            tables = [f"SELECT * FROM {t} ORDER BY 1" for t in ("entries", "texts", VERSION_TABLE)]
            return [connection.execute(t).fetchall() for t in tables]
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def test_a_changed_byte_anywhere_is_found(tmp_path: Path) -> None:
    """Every byte that carries something: a change is either found, or changes nothing that can be read."""
    path = tmp_path / "ledger.db"
    with ledger_at(str(path), create=True) as ledger:
        for number in range(3):
            ledger.append("note", {"what": f"entry {number}", "text": {"digest": _digest(f"text {number}")}}, TESTER, [f"text {number}"])
    content = path.read_bytes()
    whole = rows(path)
    assert whole is not None
    found = 0
    for at in range(0, len(content), 1 if ALL else 37):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x01]) + content[at + 1 :])
        if verdict(path):
            found += 1
        else:
            assert rows(path) == whole, at
    assert found > (500 if ALL else 15)


def _digest(text: str) -> str:
    from ruleeval.engine.chain import digest

    return digest(text)


def verdict(path: Path) -> bool:
    """Whether something is found to be wrong."""
    try:
        with ledger_at(str(path)) as ledger:
            return bool(ledger.verify())
    except LedgerError:
        return True


@pytest.mark.parametrize("column", ["number", "kind", "at", "actor", "named", "body", "previous", "hash"])
def test_a_changed_character_of_any_column_is_found(tmp_path: Path, column: str) -> None:
    path = tmp_path / "ledger.db"
    with ledger_at(str(path), create=True) as ledger:
        for number in range(3):
            ledger.append("note", {"what": f"entry {number}"}, TESTER)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_update")
    value = str(connection.execute(f"SELECT {column} FROM entries WHERE number = 2").fetchone()[0])
    for at in range(len(value)) if column != "number" else [0]:
        changed = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] if column != "number" else "7"
        connection.execute(f"UPDATE entries SET {column} = ? WHERE {column} = ? AND number IN (2, 7)", (changed, value))
        connection.commit()
        found = [b.what for b in broken(path)]
        assert any(what in found for what in ("number", "previous", "hash", "body")), (column, at)
        connection.execute(f"UPDATE entries SET {column} = ? WHERE {column} = ? AND number IN (2, 7)", (value, changed))
        connection.commit()
    connection.execute(next(s for s in REVISIONS["0001"]["sqlite"] if "entries_update" in s))
    connection.commit()
    connection.close()
    assert broken(path) == []


def broken(path: Path) -> list[Break]:
    with ledger_at(str(path)) as ledger:
        return ledger.verify()


def test_a_lost_text_and_a_cut_off_end_are_found(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with ledger_at(str(path), create=True) as ledger:
        ledger.append("note", {"text": {"digest": _digest("a")}}, TESTER, ["a"])
        last = ledger.append("note", {"text": {"digest": _digest("b")}}, TESTER, ["b"])
    connection = sqlite3.connect(path)
    remove(connection, "entries", "number = 2")
    with ledger_at(str(path)) as ledger:
        assert ledger.verify() == []  # nobody can tell from the ledger alone
        assert [b.what for b in ledger.verify(last.hash)] == ["end"]
        remove(connection, "texts", "content = 'a'")
        assert [b.what for b in ledger.verify()] == ["lost"]
    connection.execute("DROP TRIGGER texts_delete")
    connection.commit()
    connection.close()
    assert [b.what for b in broken(path)] == ["damage", "lost"]


def remove(connection: sqlite3.Connection, table: str, condition: str) -> None:
    """Remove rows behind the ledger's back, and leave no trace of how."""
    trigger = f"{table}_delete"
    connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(f"DELETE FROM {table} WHERE {condition}")
    connection.execute(next(s for s in REVISIONS["0001"]["sqlite"] if f" {trigger} " in s))
    connection.commit()


def test_both_ways_to_make_the_tables_give_the_same(tmp_path: Path) -> None:
    alchemy = pytest.importorskip("sqlalchemy")
    from ruleeval.files.ledger.postgresql import upgrade

    with ledger_at(str(tmp_path / "own.db"), create=True):
        pass
    engine = alchemy.create_engine(f"sqlite:///{tmp_path / 'alembic.db'}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()

    def tables(name: str) -> list[tuple[str, ...]]:
        connection = sqlite3.connect(tmp_path / name)
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name IN ('texts', 'entries') ORDER BY name").fetchall()
        connection.close()
        return found

    assert tables("own.db") == tables("alembic.db") != []


def test_many_entries_are_read_page_by_page(place: str) -> None:
    with ledger_at(place, create=True) as ledger:
        with ledger.appending() as append:
            for number in range(1003):
                append("note", {"what": str(number)}, TESTER, [f"text {number}"])
        assert [e.data["what"] for e in ledger.entries()] == [str(n) for n in range(1003)]
        assert len(dict(ledger.texts())) == 1003
        assert ledger.verify() == []
        assert isinstance(ledger, Ledger)
