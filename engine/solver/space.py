"""The data of a unit as variables, each within its declared range.

Two rulesets may share a space: a data item is one variable by its name, within the
ranges of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import z3

from ...dsl.model import Column, DataItem, Type
from ...dsl.numbers import Exact
from .scaling import Scaling
from .terms import Term, Unsolvable, compare, either, real

#: The first and last day that a date can be.
FIRST_DAY, LAST_DAY = date(1900, 1, 1).toordinal(), date(2999, 12, 31).toordinal()
_NOTHING_SCALED = Scaling({}, ())


def plain(value: Any) -> Any:
    """A value of a unit as a term."""
    return value.toordinal() if isinstance(value, date) else value


@dataclass(slots=True)
class Space:
    """Variables by key, made when first asked for, and what is known of them.

    ``copies`` gives some keys another name, for a second unit that differs in those alone;
    ``fixed`` are keys of data and documents that are no variables but known.
    """

    scaling: Scaling = _NOTHING_SCALED
    copies: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    items: dict[str, DataItem] = field(default_factory=dict)
    constraints: list[Term] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    told: set[tuple[str, int]] = field(default_factory=set)

    def named(self, key: str) -> str:
        return self.copies.get(key, key)

    def item(self, item: DataItem) -> Term:
        """The variable of a data item that is one value, or the value it is fixed at."""
        if item.key in self.fixed:
            return plain(self.fixed[item.key])
        self.items.setdefault(item.key, item)
        if (item.key, id(item)) not in self.told:
            self.told.add((item.key, id(item)))
            self._declare(item)
        return self.terms[item.key]

    def _declare(self, item: DataItem) -> None:
        key, name = item.key, self.named(item.key)
        match item.type.kind:
            case "number":
                scaled = key in self.scaling.group_of
                if key not in self.terms:
                    self.terms[key] = z3.ToReal(z3.Int(name)) if item.type.whole and not scaled else z3.Real(name)
                elif item.type.whole and not scaled:
                    self.constraints.append(z3.IsInt(self.terms[key]))
                self._within(self.terms[key], item.low, item.high, scaled=scaled)
            case "yes_no":
                self.terms[key] = z3.Bool(name)
            case "choice" | "text" | "date":
                self.terms[key] = self.single(name, item.type)
            case _:
                raise Unsolvable(item.name)

    def _within(self, term: Term, low: Exact | None, high: Exact | None, *, scaled: bool) -> None:
        if low is not None:
            self.constraints.append(compare(term, ">", 0) if scaled and low > 0 else compare(term, ">=", low))
        if high is not None:
            self.constraints.append(compare(term, "<=", high))

    def single(self, name: str, kind: Type) -> Term:
        """A variable for a word, a date or a text."""
        variable = z3.Int(name)
        if kind.kind == "choice":
            self.constraints.append(either(*(variable == self.word(o) for o in kind.options)))
        elif kind.kind == "date":
            term = z3.ToReal(variable)
            self._within(term, FIRST_DAY, LAST_DAY, scaled=False)
            return term
        return variable

    def column(self, name: str, column: Column) -> Term:
        """A variable for one cell of a record."""
        match column.type.kind:
            case "number":
                term = z3.ToReal(z3.Int(name)) if column.type.whole else z3.Real(name)
                self._within(term, column.low, column.high, scaled=False)
                return term
            case "yes_no":
                return z3.Bool(name)
        return self.single(name, column.type)

    def document(self, kind: str) -> Term:
        """Whether evidence of a kind is there, in order."""
        key = f"document.{kind}"
        if key in self.fixed:
            return self.fixed[key]
        if key not in self.terms:
            self.terms[key] = z3.Bool(self.named(key))
        return self.terms[key]

    def one_of(self, key: str, words: tuple[str, ...]) -> Term:
        """A word out of a few, such as the type of the unit."""
        if key in self.fixed:
            return self.fixed[key]
        if key not in self.terms:
            variable = z3.Int(self.named(key))
            self.terms[key] = variable
        if words:
            self.constraints.append(either(*(self.terms[key] == self.word(w) for w in words)))
        return self.terms[key]

    def word(self, word: str) -> int:
        """The number that stands for a word."""
        return self.words.setdefault(word, len(self.words))

    def fresh(self, name: str, low: Exact | None = None, high: Exact | None = None) -> Term:
        """A number that nothing but its range is known of."""
        term = z3.Real(name)
        if low is not None:
            self.constraints.append(term >= real(low))
        if high is not None:
            self.constraints.append(term <= real(high))
        return term
