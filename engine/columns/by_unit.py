"""A plan worked out unit by unit in Python's own whole numbers: the backend that is always right.

For a handful of units, where numpy is not installed, and as the measure of other backends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...dsl.columns import Node
from .plan import Plan


def run(plan: Plan, columns: Mapping[str, Sequence[Any]], count: int, wanted: Sequence[int]) -> dict[int, list[int]]:
    """The columns of the nodes in ``wanted``, yes/no as 0 and 1."""
    found: dict[int, list[int]] = {n: [] for n in wanted}
    for row in range(count):
        values: list[int] = []
        for node in plan.nodes:
            values.append(int(columns[node.name][row]) if node.act == "input" else _value(node, values))
        for position in wanted:
            found[position].append(values[position])
    return found


def _value(node: Node, values: Sequence[int]) -> int:
    parts = [values[o] for o in node.operands]
    match node.act:
        case "constant" | "input":
            return node.value
        case "add":
            return parts[0] + parts[1]
        case "subtract":
            return parts[0] - parts[1]
        case "multiply":
            return parts[0] * parts[1]
        case "floor_divide":
            return parts[0] // parts[1]
        case "least":
            return min(parts)
        case "greatest":
            return max(parts)
        case "less":
            return int(parts[0] < parts[1])
        case "at_most":
            return int(parts[0] <= parts[1])
        case "equal":
            return int(parts[0] == parts[1])
        case "not":
            return 1 - parts[0]
        case "and":
            return min(parts)
        case "or":
            return max(parts)
        case "choose":
            return parts[1] if parts[0] else parts[2]
