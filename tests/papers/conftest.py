"""Papers are opened by what people open them with: a browser, an office suite.

Where one is not installed the tests that need it say by name that they did not run; under
CI they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ruleeval.cli import root
from ruleeval.files.paper_file import office

HOME = Path(__file__).parents[2]
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip


def _needed(found: str | None, what: str) -> str:
    if found is None:
        assert not os.environ.get("CI"), f"papers must be tried with {what}: it is not installed"
        pytest.skip(f"no {what} here: this was not tried with it")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium without a network."""
    names = (os.environ.get("RULEEVAL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    program = _needed(next((p for n in names if n and (p := shutil.which(n))), None), "Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pages were not tried in a browser")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield started
        started.close()


class Opened:
    """A page as it stands in the browser, and everything that went wrong on it or was asked of a network."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("dialog", lambda d: (self.complaints.append(f"dialog: {d.message}"), d.dismiss()))
        page.on("request", lambda r: self.asked.append(r.url) if not r.url.startswith("file:") else None)


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[[Path], Opened]]:
    """Opens a file as a page, offline; afterwards nothing may have gone wrong."""
    context = browser.new_context(viewport={"width": 1100, "height": 900}, offline=True)
    pages: list[Opened] = []

    def open_file(path: Path) -> Opened:
        one = Opened(context.new_page())
        pages.append(one)
        one.page.goto(path.as_uri())
        return one

    yield open_file
    context.close()
    assert [(p.complaints, p.asked) for p in pages if p.complaints or p.asked] == []


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Opens a file in LibreOffice, works it out anew, and saves it in another format."""
    program = _needed(office(), "LibreOffice")
    profile = tmp_path_factory.mktemp("office")

    def convert(path: Path, ending: str) -> Path:
        folder = tmp_path_factory.mktemp("converted")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to", ending, "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        (made,) = folder.iterdir()
        return made

    return convert


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    for name, value in {"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "100", "NO_COLOR": "1", "RULEEVAL_CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, status: int = 0) -> Result:
        done = CliRunner().invoke(root, [str(a) for a in arguments], prog_name="ruleeval")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == status, done.output
        return done

    return call


@pytest.fixture
def natural_resources() -> Path:
    return HOME / "tests/samples/liaoning-2022/units/natural-resources.json"


@pytest.fixture
def mill_lane() -> Path:
    return HOME / "rulesets/riverside-libraries/units/mill-lane.json"
