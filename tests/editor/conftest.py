"""One language server for all the tests of the editor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from client import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    one = Server()
    yield one
    assert one.close() == 0
