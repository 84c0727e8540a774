"""Columns of whole numbers and of yes/no: a graph of few operations, made once, never changed.

A node stands for one value a unit.  Equal nodes are one node; what the limits of the
operands settle is settled here, so that nothing is worked out that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Act = Literal[
    "input", "constant", "add", "subtract", "multiply", "floor_divide", "least", "greatest",
    "less", "at_most", "equal", "not", "and", "or", "choose",
]  # fmt: skip
#: The least and the most a column can be; ``None`` is without limit.
Limits = tuple[int | None, int | None]
ANYTHING: Limits = (None, None)
FALSE, TRUE = 0, 1
"""The nodes that are always there: yes/no constants."""
TRUTHS: frozenset[Act] = frozenset({"less", "at_most", "equal", "not", "and", "or"})


class Node(NamedTuple):
    """One operation over earlier nodes.

    ``floor_divide`` is the quotient by a divisor of at least 1, rounded down; ``choose``
    takes its second operand where the first holds, else the third; ``equal`` compares
    whole numbers.  ``truth`` says that the node is yes/no.
    """

    act: Act
    operands: tuple[int, ...] = ()
    value: int = 0
    name: str = ""
    truth: bool = False


def limits_of(node: Node, operands: Sequence[Limits]) -> Limits:
    """What a node can be when its operands can be so much."""
    match node.act:
        case "constant":
            return node.value, node.value
        case "add":
            (a, b), (c, d) = operands
            return _plus(a, c), _plus(b, d)
        case "subtract":
            (a, b), (c, d) = operands
            return _plus(a, _minus(d)), _plus(b, _minus(c))
        case "multiply":
            return _product(*operands)
        case "floor_divide":
            return _quotient(*operands)
        case "least":
            (a, b), (c, d) = operands
            return _first(a, c), (b if d is None else d if b is None else min(b, d))
        case "greatest":
            (a, b), (c, d) = operands
            return (a if c is None else c if a is None else max(a, c)), _last(b, d)
        case "choose":
            _, (a, b), (c, d) = operands
            return _first(a, c), _last(b, d)
        case _:
            return ANYTHING


def _plus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


def _minus(value: int | None) -> int | None:
    return None if value is None else -value


def _first(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else min(left, right)


def _last(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else max(left, right)


def _product(left: Limits, right: Limits) -> Limits:
    (a, b), (c, d) = left, right
    if a is not None and b is not None and c is not None and d is not None:
        corners = (a * c, a * d, b * c, b * d)
        return min(corners), max(corners)
    if (a, b) == (0, 0) or (c, d) == (0, 0):
        return 0, 0
    if a is not None and a >= 0 and c is not None and c >= 0:
        return a * c, (b * d if b is not None and d is not None else None)
    return ANYTHING


def _quotient(top: Limits, bottom: Limits) -> Limits:
    """Limits of a quotient rounded down, the divisor being at least 1."""
    (a, b), (c, d) = top, bottom
    least = 1 if c is None else max(c, 1)
    low = None if a is None else (a // least if a < 0 else (a // d if d is not None else 0))
    high = None if b is None else (b // least if b >= 0 else (b // d if d is not None else -1))
    return low, high


class Columns:
    """Makes nodes; every method gives the number of a node."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.limits: list[Limits] = []
        self._known: dict[Node, int] = {}
        for value in (0, 1):
            self._node(Node("constant", value=value, truth=True), (value, value))
        self.zero, self.one = self.constant(0), self.constant(1)

    def _node(self, node: Node, limits: Limits | None = None) -> int:
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = len(self.nodes)
            self.nodes.append(node)
            self.limits.append(limits if limits is not None else limits_of(node, [self.limits[o] for o in node.operands]))
        return found

    # ---- whole numbers ----

    def constant(self, value: int) -> int:
        return self._node(Node("constant", value=value))

    def input(self, name: str, low: int | None = None, high: int | None = None, *, truth: bool = False) -> int:
        """A column that is handed in, with the limits that whoever hands it in has proved."""
        return self._node(Node("input", name=name, truth=truth), (low, high))

    def known(self, node: int) -> int | None:
        """The value of a constant."""
        return self.nodes[node].value if self.nodes[node].act == "constant" else None

    def add(self, left: int, right: int) -> int:
        a, b = self.known(left), self.known(right)
        if a is not None and b is not None:
            return self.constant(a + b)
        if a == 0 or b == 0:
            return right if a == 0 else left
        return self._node(Node("add", (left, right)))

    def subtract(self, left: int, right: int) -> int:
        a, b = self.known(left), self.known(right)
        if a is not None and b is not None:
            return self.constant(a - b)
        if left == right:
            return self.zero
        return left if b == 0 else self._node(Node("subtract", (left, right)))

    def multiply(self, left: int, right: int) -> int:
        a, b = self.known(left), self.known(right)
        if b is not None:
            return self.times(left, b)
        return self.times(right, a) if a is not None else self._node(Node("multiply", (min(left, right), max(left, right))))

    def times(self, node: int, factor: int) -> int:
        """A column times a constant."""
        known, this = self.known(node), self.nodes[node]
        if known is not None:
            return self.constant(known * factor)
        if factor == 0:
            return self.zero
        if factor == 1:
            return node
        if this.act == "multiply" and (inner := self.known(this.operands[1])) is not None:
            return self.times(this.operands[0], inner * factor)
        if this.act == "choose" and self._settled_ways(node):
            condition, then, otherwise = this.operands
            return self.choose(condition, self.times(then, factor), self.times(otherwise, factor))
        return self._node(Node("multiply", (node, self.constant(factor))))

    def _settled_ways(self, node: int) -> bool:
        """Whether a column can only be one of some constants."""
        this = self.nodes[node]
        return this.act == "constant" or (this.act == "choose" and all(self._settled_ways(o) for o in this.operands[1:]))

    def floor_divide(self, top: int, bottom: int) -> int:
        """The quotient rounded down; ``bottom`` must be proved to be at least 1."""
        low = self.limits[bottom][0]
        assert low is not None and low >= 1
        a, b = self.known(top), self.known(bottom)
        if b == 1:
            return top
        if a is not None and b is not None:
            return self.constant(a // b)
        return self._node(Node("floor_divide", (top, bottom)))

    def least(self, left: int, right: int) -> int:
        found = self._settled(left, right)
        return found if found is not None else self._node(Node("least", (min(left, right), max(left, right))))

    def greatest(self, left: int, right: int) -> int:
        found = self._settled(left, right)
        if found is not None:
            return right if found == left else left
        return self._node(Node("greatest", (min(left, right), max(left, right))))

    def _settled(self, left: int, right: int) -> int | None:
        """The lesser of two where their limits tell."""
        (a, b), (c, d) = self.limits[left], self.limits[right]
        if left == right or (b is not None and c is not None and b <= c):
            return left
        return right if a is not None and d is not None and d <= a else None

    def absolute(self, node: int) -> int:
        return self.greatest(node, self.subtract(self.zero, node))

    # ---- comparisons ----

    def less(self, left: int, right: int) -> int:
        (a, b), (c, d) = self.limits[left], self.limits[right]
        if left == right or (a is not None and d is not None and a >= d):
            return FALSE
        if b is not None and c is not None and b < c:
            return TRUE
        return self._node(Node("less", (left, right), truth=True))

    def at_most(self, left: int, right: int) -> int:
        (a, b), (c, d) = self.limits[left], self.limits[right]
        if left == right or (b is not None and c is not None and b <= c):
            return TRUE
        if a is not None and d is not None and a > d:
            return FALSE
        return self._node(Node("at_most", (left, right), truth=True))

    def equal(self, left: int, right: int) -> int:
        (a, b), (c, d) = self.limits[left], self.limits[right]
        if left == right or (a is not None and a == b == c == d):
            return TRUE
        if (a is not None and d is not None and a > d) or (b is not None and c is not None and b < c):
            return FALSE
        return self._node(Node("equal", (min(left, right), max(left, right)), truth=True))

    # ---- yes and no ----

    def negate(self, node: int) -> int:
        this = self.nodes[node]
        match this.act:
            case "constant":
                return FALSE if node == TRUE else TRUE
            case "not":
                return this.operands[0]
            case "less":
                return self.at_most(this.operands[1], this.operands[0])
            case "at_most":
                return self.less(this.operands[1], this.operands[0])
            case "and":
                return self.any_of([self.negate(o) for o in this.operands])
            case "or":
                return self.all_of([self.negate(o) for o in this.operands])
        return self._node(Node("not", (node,), truth=True))

    def all_of(self, nodes: Iterable[int]) -> int:
        parts = self._flat("and", nodes)
        if len(parts - {TRUE}) < 2:
            return next(iter(parts - {TRUE}), TRUE)
        against = {self.negate(p) for p in parts if self.nodes[p].act != "or"}
        if FALSE in parts or parts & against:
            return FALSE
        kept: set[int] = set()
        for part in sorted(parts - {TRUE}):
            node = self.nodes[part]
            if node.act != "or":
                kept.add(part)
            elif not any(o in parts for o in node.operands):
                left = self.any_of([o for o in node.operands if o not in against])
                if left == FALSE:
                    return FALSE
                kept.add(left)
        return self._joined("and", kept, TRUE)

    def any_of(self, nodes: Iterable[int]) -> int:
        parts = self._flat("or", nodes)
        if len(parts - {FALSE}) < 2:
            return next(iter(parts - {FALSE}), FALSE)
        if TRUE in parts or any(self.negate(p) in parts for p in parts if self.nodes[p].act not in ("and", "or")):
            return TRUE
        kept = {p for p in parts - {FALSE} if self.nodes[p].act != "and" or not any(o in parts for o in self.nodes[p].operands)}
        return self._joined("or", kept, FALSE)

    def _flat(self, act: Act, nodes: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for node in nodes:
            found.update(self.nodes[node].operands if self.nodes[node].act == act else (node,))
        return found

    def _joined(self, act: Act, nodes: set[int], empty: int) -> int:
        if len(nodes) < 2:
            return next(iter(nodes), empty)
        return self._node(Node(act, tuple(sorted(nodes)), truth=True))

    def same(self, left: int, right: int) -> int:
        """Whether two yes/no columns agree."""
        return self.any_of((self.all_of((left, right)), self.all_of((self.negate(left), self.negate(right)))))

    # ---- choosing ----

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        if condition in (TRUE, FALSE) or then == otherwise:
            return otherwise if condition == FALSE else then
        if self.nodes[then].truth:
            return self.any_of((self.all_of((condition, then)), self.all_of((self.negate(condition), otherwise))))
        if self.nodes[condition].act == "not":
            condition, then, otherwise = self.nodes[condition].operands[0], otherwise, then
        return self._node(Node("choose", (condition, then, otherwise)))
