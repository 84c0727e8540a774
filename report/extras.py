"""What formats need beyond the core install, told in time and by name."""

from __future__ import annotations

from importlib.util import find_spec


class Missing(Exception):
    """A library that a format needs is not installed; ``name`` is what it is called."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def needed(*names: str) -> None:
    """Raises `Missing` for the first library that is not installed."""
    for name in names:
        if find_spec(name) is None:
            raise Missing(name)
