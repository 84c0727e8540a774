"""A plan worked out in numpy, a stretch of units at a time that stays in the processor's cache.

Whole numbers are carried in float64 where the limits prove that nothing is lost, else in
int64, else as Python's own numbers.  Every column of a node lives only until its last use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from ...dsl.columns import Node
from ...dsl.columns.graph import Limits
from .carriers import ORDER, Carrier, carrier_of, for_quotient, for_size, widest
from .plan import Plan

#: Units worked out together: small enough for the cache, large enough that calls cost little.
STRETCH = 16_384
_Array = np.ndarray[Any, Any]
_TYPES: Mapping[Carrier, Any] = {"truth": np.bool_, "float64": np.float64, "int64": np.int64, "unlimited": np.object_}
_COMPARE = {"less": np.less, "at_most": np.less_equal, "equal": np.equal}
_JOIN = {"and": np.logical_and, "or": np.logical_or}
_PLAIN = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "least": np.minimum, "greatest": np.maximum,
}  # fmt: skip


@dataclass(slots=True)
class _Step:
    """One call: a function of registers into a register; a register is a column or a constant."""

    call: Callable[..., Any]
    operands: tuple[int, ...]
    into: int


class Program:
    """A plan made ready for columns within limits; runs on any number of units."""

    def __init__(self, plan: Plan, limits: Sequence[Limits], wanted: Sequence[int], types: Mapping[str, Any]) -> None:
        self.wanted = tuple(wanted)
        self.steps: list[_Step] = []
        self.types: list[Any] = []
        self.constants: dict[int, Any] = {}
        self.inputs: list[tuple[int, str]] = []
        self.places: dict[tuple[int, Carrier], int] = {}
        self._plan, self._limits, self._given = plan, limits, types
        self.carriers = [self._carrier(n, i) for i, n in enumerate(plan.nodes)]
        for position, node in enumerate(plan.nodes):
            self._node(position, node)
        self.results = {n: self._in(n, self.carriers[n]) for n in self.wanted}
        self._share_registers()

    def _carrier(self, node: Node, position: int) -> Carrier:
        if node.truth:
            return "truth"
        found = carrier_of(self._limits[position])
        return "unlimited" if found == "int128" else found

    # ---- making steps ----

    def _register(self, carrier: Carrier) -> int:
        self.types.append(_TYPES[carrier])
        return len(self.types) - 1

    def _step(self, call: Callable[..., Any], operands: Sequence[int], carrier: Carrier) -> int:
        into = self._register(carrier)
        self.steps.append(_Step(call, tuple(operands), into))
        return into

    def _constant(self, value: Any, carrier: Carrier) -> int:
        register = self._register(carrier)
        self.constants[register] = value if carrier == "unlimited" else _TYPES[carrier](value)
        return register

    def _input(self, name: str, carrier: Carrier) -> int:
        """The register of an input, converted from the type it is handed in as."""
        given = self._given[name]
        self.types.append(given)
        register = len(self.types) - 1
        self.inputs.append((register, name))
        return register if given == _TYPES[carrier] else self._step(_convert, (register,), carrier)

    def _in(self, position: int, carrier: Carrier) -> int:
        """The register of a node in a carrier, converted where it is in another."""
        found = self.places.get((position, carrier))
        if found is None:
            node = self._plan.nodes[position]
            if node.act == "constant":
                found = self._constant(node.value, carrier)
            else:
                found = self._step(_convert, (self.places[position, self.carriers[position]],), carrier)
            self.places[position, carrier] = found
        return found

    def _node(self, position: int, node: Node) -> None:
        own = self.carriers[position]
        match node.act:
            case "constant":
                return
            case "input":
                register = self._input(node.name, own)
            case "less" | "at_most" | "equal":
                wide = widest([self.carriers[o] for o in node.operands])
                register = self._step(_COMPARE[node.act], [self._in(o, wide) for o in node.operands], "truth")
            case "and" | "or":
                register = self._in(node.operands[0], "truth")
                for other in node.operands[1:]:
                    register = self._step(_JOIN[node.act], (register, self._in(other, "truth")), "truth")
            case "not":
                register = self._step(np.logical_not, (self._in(node.operands[0], "truth"),), "truth")
            case "floor_divide":
                register = self._quotient(position, node)
            case "choose":
                register = self._choice(position, node)
            case _:
                wide = widest([own, *(self.carriers[o] for o in node.operands)])
                register = self._step(_PLAIN[node.act], [self._in(o, wide) for o in node.operands], wide)
                register = self._narrowed(register, wide, own)
        self.places[position, own] = register

    def _narrowed(self, register: int, wide: Carrier, own: Carrier) -> int:
        return register if wide == own else self._step(_convert, (register,), own)

    def _quotient(self, position: int, node: Node) -> int:
        top, bottom = node.operands
        wide = for_quotient(self._limits[top], self._limits[bottom])
        wide = "unlimited" if wide == "int128" else wide
        operands = [self._in(o, wide) for o in (top, bottom)]
        if wide == "float64":
            register = self._step(np.floor, (self._step(np.divide, operands, wide),), wide)
        else:
            register = self._step(np.floor_divide, operands, wide)
        return self._narrowed(register, wide, self.carriers[position])

    def _choice(self, position: int, node: Node) -> int:
        """``otherwise + condition × (then − otherwise)``: without branches, and as exact."""
        condition, then, otherwise = node.operands
        own = self.carriers[position]
        wide = widest([own, self.carriers[then], self.carriers[otherwise]])
        ends = [e for n in (then, otherwise) for e in self._limits[n]]
        apart = "unlimited" if None in ends else for_size(sum(max(abs(e) for e in self._limits[n] if e is not None) for n in (then, otherwise)))
        if ORDER[apart] > ORDER[wide] or wide == "unlimited":
            operands = (self._in(condition, "truth"), self._in(then, wide), self._in(otherwise, wide))
            return self._narrowed(self._step(_where, operands, wide), wide, own)
        held = self._in_numbers(condition, wide)
        first, second = self._plan.nodes[then], self._plan.nodes[otherwise]
        if first.act == second.act == "constant":
            difference = self._constant(first.value - second.value, wide)
        elif second.act == "constant" and second.value == 0:
            return self._narrowed(self._step(np.multiply, (held, self._in(then, wide)), wide), wide, own)
        else:
            difference = self._step(np.subtract, (self._in(then, wide), self._in(otherwise, wide)), wide)
        register = self._step(np.multiply, (held, difference), wide)
        if not (second.act == "constant" and second.value == 0):
            register = self._step(np.add, (register, self._in(otherwise, wide)), wide)
        return self._narrowed(register, wide, own)

    def _in_numbers(self, position: int, carrier: Carrier) -> int:
        """A yes/no node as 0 and 1."""
        found = self.places.get((position, carrier))
        if found is None:
            found = self.places[position, carrier] = self._step(_convert, (self._in(position, "truth"),), carrier)
        return found

    # ---- registers ----

    def _share_registers(self) -> None:
        """Let columns whose last use is over be written to again."""
        kept = set(self.results.values()) | {r for r, _ in self.inputs} | set(self.constants)
        last: dict[int, int] = {}
        for number, step in enumerate(self.steps):
            for operand in step.operands:
                last[operand] = number
        place: dict[int, int] = {}
        free: dict[Any, list[int]] = {}
        for number, step in enumerate(self.steps):
            operands = tuple(place.get(o, o) for o in step.operands)
            for old in dict.fromkeys(step.operands):
                if last[old] == number and old not in kept:
                    free.setdefault(self.types[old], []).append(place.get(old, old))
            into = step.into
            if into not in kept:
                spare = free.get(self.types[into])
                place[into] = spare.pop() if spare and step.call is not _where else into
            step.operands, step.into = operands, place.get(into, into)
        self.used = sorted({s.into for s in self.steps} - kept)
        self.calls = [(s.call, _getter(s.operands), s.into) for s in self.steps]

    # ---- running ----

    def run(self, columns: Mapping[str, _Array], count: int, threads: int = 1) -> dict[int, _Array]:
        """The columns of the wanted nodes."""
        out = {register: np.empty(count, self.types[register]) for register in self.results.values()}
        for register in out:
            if register in self.constants:
                out[register][...] = self.constants[register]
        for register, name in self.inputs:
            if register in out:
                out[register][...] = columns[name]
        starts = range(0, count, STRETCH)
        if threads > 1 and len(starts) > 1:
            share = -(-len(starts) // threads)
            parts = [starts[i : i + share] for i in range(0, len(starts), share)]
            with ThreadPoolExecutor(len(parts)) as pool:
                list(pool.map(lambda part: self._stretches(part, columns, count, out), parts))
        else:
            self._stretches(starts, columns, count, out)
        return {node: out[register] for node, register in self.results.items()}

    def _stretches(self, starts: Sequence[int], columns: Mapping[str, _Array], count: int, out: Mapping[int, _Array]) -> None:
        size = min(STRETCH, count)
        own = {r: np.empty(size, self.types[r]) for r in self.used}
        for start in starts:
            stop = min(start + STRETCH, count)
            registers: list[Any] = [None] * len(self.types)
            for register, value in self.constants.items():
                registers[register] = value
            for register, array in own.items():
                registers[register] = array[: stop - start]
            for register, array in out.items():
                if register not in self.constants:
                    registers[register] = array[start:stop]
            for register, name in self.inputs:
                registers[register] = columns[name][start:stop]
            for call, operands, into in self.calls:
                call(*operands(registers), out=registers[into])


def _getter(operands: tuple[int, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(operands) == 1:
        only = operands[0]
        return lambda registers: (registers[only],)
    return itemgetter(*operands)


def _convert(column: Any, out: _Array) -> None:
    """Whole numbers from one carrier into another; never through a float into numbers without limit."""
    if out.dtype == np.object_ and column.dtype == np.float64:
        column = column.astype(np.int64)
    np.copyto(out, column, casting="unsafe")


def _where(condition: Any, then: Any, otherwise: Any, out: _Array) -> None:
    np.copyto(out, otherwise)
    np.copyto(out, then, where=condition)
