"""Values that are never changed after they are made: slotted dataclasses, quick to define.

The standard ``@dataclass(frozen=True, slots=True)`` writes six methods for every class
while the program starts, a third of a millisecond each time; a hundred such classes
would cost more than evaluating a unit.  `frozen` writes ``__init__`` alone and shares
the rest.  That nothing is assigned later is held by the type checker
(``frozen_default``), and by a test that looks for assignments.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)


def _equal(self: Any, other: Any) -> bool:
    if other is self:
        return True
    if other.__class__ is not self.__class__:
        return False
    return all(getattr(self, n) == getattr(other, n) for n in self._compared)


def _hash(self: Any) -> int:
    return hash((self.__class__, *(getattr(self, n) for n in self._compared)))


def _show(self: Any) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
    return f"{self.__class__.__name__}({shown})"


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: _Class) -> _Class:
    """A slotted dataclass with equality and hash over its compared fields."""
    made: Any = dataclass(repr=False, eq=False, slots=True)(cls)
    made._compared = tuple(f.name for f in fields(made) if f.compare)
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _show
    return made  # type: ignore[no-any-return]
