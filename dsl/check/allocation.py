"""Allocations: the statements that say how posts are shared, checked like a ruleset's."""

from __future__ import annotations

from ..allocation import Allocation
from ..diagnostics import Diagnostic, Place
from ..expressions import Named, Typed, unit_problem
from ..forms.lowering import quantity
from ..frozen import frozen
from ..keywords import Language, word
from ..model import DataItem, DatedPeriod, Derived, Parameter, Ref, Ruleset, Type
from ..numbers import Exact
from ..syntax import Block, Node
from . import declarations, names, values
from .draft import Draft, word_of
from .memory import CheckMemory

#: The statements of an allocation alone, with the keyword of each.
_OWN = {
    "allocation": "ALLOCATION", "posts_before": "POSTS_BEFORE", "shared_by": "SHARED_BY", "total_shared": "TOTAL_SHARED", "tilt": "TILT",
    "least_posts": "LEAST_POSTS", "most_posts": "MOST_POSTS", "whole_posts": "WHOLE_POSTS", "transfers_by": "TRANSFERS_BY",
}  # fmt: skip
_REQUIRED = (("version", "VERSION"), *((k, _OWN[k]) for k in ("posts_before", "shared_by", "total_shared", "whole_posts")))
_SHARED = frozenset({"version", "issuer", "basis", "note", "data", "derived", "parameters", "lookup", "decision"})


@frozen
class AllocationResult:
    """The checked allocation, if there was no error, and all findings in order of lines."""

    allocation: Allocation | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language


def is_allocation(draft: Draft) -> bool:
    return next(draft.blocks("allocation"), None) is not None


def report_misplaced(draft: Draft) -> None:
    """Statements of an allocation in a ruleset."""
    for block in draft.blocks(*_OWN):
        draft.report("E234", block.line, None, name=draft.opening(block), kind="规则集", kind_en="a ruleset")


def read_allocation(draft: Draft, digest: str) -> AllocationResult:
    """An allocation from its parsed text."""
    if not is_allocation(draft):
        draft.scope.report("E210", Place(1, 0, 1), None, missing=word("ALLOCATION", draft.language))
        return AllocationResult(None, _sorted(draft), draft.language)
    memory = CheckMemory()
    memory.begin(draft)
    for block in draft.result.file.blocks:
        if block.kind not in _OWN and block.kind not in _SHARED:
            draft.report("E234", block.line, None, name=draft.opening(block), kind="测算文件", kind_en="an allocation")
    for kind, key in _REQUIRED:
        if draft.one(kind) is None and not draft.result.lost:
            draft.scope.report("E210", Place(1, 0, 1), None, missing=word(key, draft.language))
    data = declarations.read_data(draft, memory)
    parameters: tuple[Parameter, ...] = declarations.read_parameters(draft, DatedPeriod())
    derived, _ = values.read_values(draft)
    own = _Statements(draft).read()
    region = _region(draft)
    named: tuple[DataItem | Derived | Parameter, ...] = (*data, *parameters, *derived)
    names.check_unused(draft, named, set(draft.scope.used))
    names.check_look_alikes(draft, [(d.name, d.place) for d in named])
    found = _sorted(draft)
    if any(d.is_error for d in found):
        return AllocationResult(None, found, draft.language)
    everything = (*derived, *own.values())
    declared = Ruleset(
        language=draft.language, name=_text(draft, "allocation"), version=_text(draft, "version"), applies=(), unit_levels=(),
        effective=DatedPeriod(), issuer=_text(draft, "issuer") or None, basis=_texts(draft, "basis"), notes=_texts(draft, "note"),
        full_score=0, common_score=None, individual_score=None, deciding_track="on_site", roundings={}, all_out=None,
        left_out_limit=None, data=data, parameters=parameters, derived=everything, indicators=(), adjustments=(), vetoes=(),
        subtotals=(), scales=(), worst_of=(), reconciliations=(), dimensions=(), problem_types=(), unscored=(),
        order=tuple(d.key for d in everything), digest=digest,
    )  # fmt: skip
    keys = {kind: one.key for kind, one in own.items()}
    allocation = Allocation(
        declared, keys["posts_before"], keys["shared_by"], _total(draft), keys.get("tilt"), keys.get("least_posts"),
        keys.get("most_posts"), region,
    )  # fmt: skip
    return AllocationResult(allocation, found, draft.language)


def _sorted(draft: Draft) -> tuple[Diagnostic, ...]:
    return tuple(sorted((*draft.result.diagnostics, *draft.scope.found), key=lambda d: (d.line, d.code)))


def _text(draft: Draft, kind: str) -> str:
    block = next(draft.blocks(kind), None)
    return word_of(block.line.node.parts[1]).text if block is not None else ""


def _texts(draft: Draft, kind: str) -> tuple[str, ...]:
    return tuple(word_of(b.line.node.parts[1]).text for b in draft.blocks(kind))


def _total(draft: Draft) -> Exact | None:
    block = next(draft.blocks("total_shared"))
    given = block.line.node.parts[1]
    found = quantity(given) if isinstance(given, Node) else None
    return found[0] if found is not None else None


def _region(draft: Draft) -> str | None:
    """The data item that names the city, a text or a choice."""
    block = draft.one("transfers_by")
    if block is None:
        return None
    reader, part = draft.reader(block.line), block.line.node.parts[1]
    typed = reader.read(part)
    if typed is None:
        return None
    if typed.type.kind not in ("text", "choice") or not isinstance(typed.expression, Ref):
        reader.fail("E501", typed, wanted=reader.describe(Type("text")), found=reader.describe(typed.type))
        return None
    return typed.expression.key


class _Statements:
    """Reads the statements that hold an expression, each as a derived value of its own."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.posts: Typed | None = None

    def read(self) -> dict[str, Derived]:
        found = {}
        for kind in ("posts_before", "shared_by", "tilt", "least_posts", "most_posts"):
            block = self.draft.one(kind)
            made = self.one(kind, block) if block is not None else None
            if made is not None:
                found[kind] = made
        return found

    def one(self, kind: str, block: Block) -> Derived | None:
        draft, line = self.draft, block.line
        reader = draft.reader(line)
        typed = reader.number(line.node.parts[1])
        if typed is None:
            return None
        if reader.divisors:
            declarations.report_divisor(draft, line, reader.divisors[0][1])
            return None
        if kind == "posts_before":
            self.posts = typed
            if not typed.type.whole:
                draft.report("E509", line, line.node.parts[1])
                return None
        elif kind in ("least_posts", "most_posts") and self.posts is not None and unit_problem(self.posts, typed):
            draft.report("E502", line, line.node.parts[1], **declarations.two_units(draft, self.posts.type, typed.type))
            return None
        name = word(_OWN[kind], draft.language)
        derived = Derived(name, typed.type, typed.expression, draft.place(line, line.node.parts[1]))
        return derived if draft.declare(name, Named(derived.key, derived.type, derived.place)) else None
