from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from server import programs, running

from ruleeval.cli import root

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a running PostgreSQL server's first database."""
    found = programs()
    if found is None:
        assert not os.environ.get("CI"), "the ledger must be tried on a PostgreSQL server: none is installed"
        pytest.skip("no PostgreSQL programs here: the ledger was not tried on a server")
    pytest.importorskip("psycopg", reason="the extra `ledger` is not installed: the ledger was not tried on a server")
    with running(found) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the place of a new, empty ledger, in each kind of database."""
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"ledger{next(_NUMBERS)}.db")
    url: str = request.getfixturevalue("server")

    def make() -> str:
        import psycopg

        name = f"ledger{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return url.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture
def place(new_place: Callable[[], str]) -> str:
    return new_place()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    for name, value in {"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "120", "NO_COLOR": "1", "RULEEVAL_CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, status: int = 0) -> Result:
        done = CliRunner().invoke(root, [str(a) for a in arguments], prog_name="ruleeval")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == status, done.output
        return done

    return call
