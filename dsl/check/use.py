"""Uses of results: frequencies and reasons, checked like the parts of a ruleset."""

from __future__ import annotations

from ..diagnostics import Diagnostic, Place
from ..expressions import name_of
from ..frozen import frozen
from ..keywords import Language, word
from ..model import DataItem, DatedPeriod, Derived, Parameter, Ruleset
from ..substitute import references
from ..syntax import Word
from ..use import Frequency, Reason, UseOfResults
from . import declarations, names, values
from .draft import Draft, node_of, word_of
from .memory import CheckMemory

_OWN = ("use_of_results", "frequency", "linkage")
_SHARED = frozenset({"version", "issuer", "basis", "note", "data", "derived", "parameters", "lookup", "decision"})


@frozen
class UseResult:
    """The checked use of results, if there was no error, and all findings in order of lines."""

    use: UseOfResults | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language


def is_use(draft: Draft) -> bool:
    return next(draft.blocks("use_of_results"), None) is not None


def report_misplaced(draft: Draft) -> None:
    """Statements of a use of results in a ruleset."""
    for block in draft.blocks(*_OWN):
        draft.report("E234", block.line, None, name=draft.opening(block), kind="规则集", kind_en="a ruleset")


def read_use(draft: Draft, digest: str) -> UseResult:
    """A use of results from its parsed text."""
    if not is_use(draft):
        draft.scope.report("E210", Place(1, 0, 1), None, missing=word("USE_OF_RESULTS", draft.language))
        return UseResult(None, _sorted(draft), draft.language)
    memory = CheckMemory()
    memory.begin(draft)
    for block in draft.result.file.blocks:
        if block.kind not in _OWN and block.kind not in _SHARED:
            draft.report("E234", block.line, None, name=draft.opening(block), kind="结果运用文件", kind_en="a use of results")
    if draft.one("version") is None and not draft.result.lost:
        draft.scope.report("E210", Place(1, 0, 1), None, missing=word("VERSION", draft.language))
    data = declarations.read_data(draft, memory)
    parameters: tuple[Parameter, ...] = declarations.read_parameters(draft, DatedPeriod())
    derived, _ = values.read_values(draft)
    frequencies = _frequencies(draft)
    conditions, reasons = _reasons(draft)
    named: tuple[DataItem | Derived | Parameter, ...] = (*data, *parameters, *derived)
    names.check_unused(draft, named, set(draft.scope.used))
    names.check_look_alikes(draft, [(d.name, d.place) for d in named])
    found = _sorted(draft)
    if any(d.is_error for d in found):
        return UseResult(None, found, draft.language)
    everything = (*derived, *conditions)
    declared = Ruleset(
        language=draft.language, name=_text(draft, "use_of_results"), version=_text(draft, "version"), applies=(), unit_levels=(),
        effective=DatedPeriod(), issuer=_text(draft, "issuer") or None, basis=(), notes=(),
        full_score=0, common_score=None, individual_score=None, deciding_track="on_site", roundings={}, all_out=None,
        left_out_limit=None, data=data, parameters=parameters, derived=everything, indicators=(), adjustments=(), vetoes=(),
        subtotals=(), scales=(), worst_of=(), reconciliations=(), dimensions=(), problem_types=(), unscored=(),
        order=tuple(d.key for d in everything), digest=digest,
    )  # fmt: skip
    return UseResult(UseOfResults(declared, frequencies, reasons), found, draft.language)


def _sorted(draft: Draft) -> tuple[Diagnostic, ...]:
    return tuple(sorted((*draft.result.diagnostics, *draft.scope.found), key=lambda d: (d.line, d.code)))


def _text(draft: Draft, kind: str) -> str:
    block = next(draft.blocks(kind), None)
    return word_of(block.line.node.parts[1]).text if block is not None else ""


def _frequencies(draft: Draft) -> tuple[Frequency, ...]:
    found: list[Frequency] = []
    for block in draft.blocks("frequency"):
        for row in block.rows:
            who, count, _ = row.node.parts
            grade = None if isinstance(who, Word) else name_of(who)
            months = draft.whole(row, word_of(count))
            if any(f.grade == grade for f in found):
                draft.report("E209", row, who, name=grade or row.text.strip(), line=str(block.line.number))
            elif months is not None:
                found.append(Frequency(grade, months))
    return tuple(found)


def _reasons(draft: Draft) -> tuple[tuple[Derived, ...], tuple[Reason, ...]]:
    conditions: list[Derived] = []
    reasons: list[Reason] = []
    for block in draft.blocks("linkage"):
        for row in block.rows:
            condition_node, side, words = row.node.parts
            reader = draft.reader(row)
            condition = reader.condition(condition_node)
            if condition is None:
                continue
            if reader.divisors:
                declarations.report_divisor(draft, row, reader.divisors[0][1])
                continue
            node = node_of(condition_node)
            derived = Derived(f"{word('LINKAGE', draft.language)} {row.number}", condition.type, condition.expression, draft.place(row, node))
            sources = tuple(dict.fromkeys(references(condition.expression)))
            text = row.text[node.start : node.end].strip()
            conditions.append(derived)
            reasons.append(Reason(derived.key, word_of(side).kind == "IN_FAVOUR", word_of(words).text, text, sources))
    return tuple(conditions), tuple(reasons)
