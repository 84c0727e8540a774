"""Expressions with references written out, and what an expression refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .model import Band, DocumentPresent, Expression, Present, Ref
from .operations import READINGS
from .operations.choices import document_keys


def substitute(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """``expression`` with every reference in ``values`` replaced, again and again."""
    if isinstance(expression, Ref):
        found = values.get(expression.key)
        return expression if found is None else substitute(found, values)
    changed = {f.name: _replaced(getattr(expression, f.name), values) for f in fields(expression)}
    return replace(expression, **changed)


def substituted_once(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """``expression`` with every reference in ``values`` replaced; what is put in is left as it is."""
    if not any(key in values for key in references(expression)):
        return expression
    names = {key: Ref(f"put in {key}") for key in values}
    return substitute(substitute(expression, names), {f"put in {key}": value for key, value in values.items()})


def _replaced(part: Any, values: Mapping[str, Expression]) -> Any:
    if isinstance(part, tuple):
        return tuple(_replaced(p, values) for p in part)
    if isinstance(part, Band):
        return replace(part, result=substitute(part.result, values))
    if is_dataclass(part) and type(part) in READINGS.operations:
        return substitute(part, values)  # type: ignore[arg-type]
    return part


def references(expression: Expression) -> Iterator[str]:
    """The keys an expression refers to, in written order, repeats included."""
    if isinstance(expression, (Ref, Present)):
        yield expression.key
    elif isinstance(expression, DocumentPresent):
        yield from document_keys(expression)
    else:
        for operand in READINGS.operands(expression):
            yield from references(operand)
