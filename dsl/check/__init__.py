"""`SourceFile` -> `Ruleset`: every name looked up, every sum and band proved.

The pipeline is `check_file` below, a line a stage.  Read `draft.py` first; then the
stages in their order: `head.py`, `declarations.py`, `instruments.py`, `tables.py`, `values.py`, `tree.py`, `standards.py`,
`outcomes.py`, `quotas.py`, `variants.py`, `once.py`, `doubles.py`, `order.py`, `names.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from ..diagnostics import Diagnostic, Place
from ..expressions import Named
from ..frozen import frozen
from ..keywords import Language
from ..layers.resolve import LayerText, localised, resolve
from ..model import DataItem, Derived, Indicator, Parameter, Ruleset
from ..numbers import Exact
from ..parse import ParseResult, parse
from ..ranges import Range, Words
from . import crosswalk, dates, declarations, doubles, instruments, names, once, order, outcomes, quotas, values, variants
from .allocation import AllocationResult, is_allocation, read_allocation, report_misplaced
from .draft import Draft, start
from .head import Head, check_full_score, extends_or_edits, read_head
from .memory import CheckMemory
from .standards import Standard, check_point_items
from .tree import Branch, every_branch, read_tree
from .use import UseResult, is_use, read_use
from .use import report_misplaced as report_use_misplaced


@frozen
class CheckResult:
    """The checked ruleset, if there was no error, and all findings in order of lines."""

    ruleset: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


def check_text(text: str, language: Language | None = None) -> CheckResult:
    """Parse and check a ruleset text.  Never raises; all independent errors come at once."""
    return check_file(parse(text, language), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def check_allocation(text: str) -> AllocationResult:
    """Parse and check the text of an allocation.  Never raises."""
    return read_allocation(start(parse(text)), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def check_use(text: str) -> UseResult:
    """Parse and check the text of a use of results.  Never raises."""
    return read_use(start(parse(text)), hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def check_chain(chain: Sequence[LayerText]) -> CheckResult:
    """Put a chain of layers together and check what comes out; the extended come first."""
    resolved = resolve(chain)
    texts = "\0".join(layer.text for layer in chain)
    digest = hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()
    if any(d.code.startswith("E9") for d in resolved.result.diagnostics):
        found = tuple(sorted(resolved.result.diagnostics, key=lambda d: (d.line, d.code)))
        return CheckResult(None, localised(found, resolved.sources), resolved.result.file.language)
    checked = check_file(resolved.result, digest)
    found = localised(checked.diagnostics, resolved.sources)
    if checked.ruleset is None:
        return CheckResult(None, found, checked.language)
    ruleset = replace(
        checked.ruleset, sources=resolved.sources, settings=resolved.settings, origins=resolved.origins, shown=resolved.shown
    )
    return CheckResult(ruleset, found, checked.language)


def check_file(result: ParseResult, digest: str, memory: CheckMemory | None = None) -> CheckResult:
    """Check a parsed file.  An editor gives the ``memory`` of the last check of the same
    text, so that only standards that an edit touched are made again."""
    if any(d.code == "E112" for d in result.diagnostics):
        return CheckResult(None, result.diagnostics, result.file.language)
    draft = start(result)
    if is_allocation(draft):
        return CheckResult(None, read_allocation(draft, digest).diagnostics, draft.language)
    if is_use(draft):
        return CheckResult(None, read_use(draft, digest).diagnostics, draft.language)
    report_misplaced(draft)
    report_use_misplaced(draft)
    memory = memory or CheckMemory()
    memory.begin(draft)
    if extends_or_edits(draft):
        found = tuple(sorted((*result.diagnostics, *draft.scope.found), key=lambda d: (d.line, d.code)))
        return CheckResult(None, found, draft.language)
    head = read_head(draft)
    draft.scope.of_cohort = True
    draft.scope.possibilities["unit.type"] = Words(frozenset(head.applies) or None)
    draft.scope.possibilities["unit.level"] = Words(frozenset(head.unit_levels) or None)
    data = declarations.read_data(draft, memory)
    parameters = declarations.read_parameters(draft, head.effective)
    implied, surveys = instruments.read_surveys(draft)
    data += implied
    derived, segments = values.read_values(draft)
    roots = read_tree(draft)
    awaited = check_full_score(draft, head, roots)
    data += _implied_items(draft, roots)
    _codes_in_scope(draft, roots)
    memory.watch(draft, (draft.language, head.evidence, head.roundings, surveys))
    indicators = tuple(i for r in roots for i in _indicators(draft, head, r, memory))
    if dates.check_periods(draft, indicators, head.effective):
        variants.check_variants(draft, indicators, head)
    indicators = variants.inherited(indicators)
    adjustments = outcomes.read_adjustments(draft, head)
    dates.check_periods(draft, tuple(a.indicator for a in adjustments), head.effective)
    indicators, adjustments = once.apply_once_only(draft, indicators, adjustments, data)
    subtotals = outcomes.read_subtotals(draft)
    scales = outcomes.read_scales(draft, head, subtotals, {i.code: i.points for i in indicators})
    worst_of = outcomes.read_worst_of(draft, scales)
    vetoes = outcomes.read_vetoes(draft, scales)
    quotas.check_quotas(draft, scales, vetoes)
    reconciliations = outcomes.read_reconciliations(draft)
    dimensions = outcomes.read_dimensions(draft)
    problem_types = outcomes.read_problem_types(draft)
    outcomes.check_problem_names(draft, problem_types, [b.block for b in every_branch(roots)])
    unscored = outcomes.read_unscored(draft)
    crosswalks = crosswalk.read_crosswalks(draft, (*indicators, *(a.indicator for a in adjustments)), data)
    _policies(draft, head, indicators)
    doubles.check_doubles(draft, memory)
    cohort = tuple(sorted(draft.scope.cohort.values(), key=lambda c: (c.place.line, c.place.start, c.name)))
    nodes = (*(d.key for d in derived), *(c.key for c in cohort), *(i.key for i in indicators), *(a.indicator.key for a in adjustments))
    evaluation = order.evaluation_order(draft, nodes, tuple(order.edges(derived, indicators, adjustments, cohort, memory)), memory)
    named: tuple[DataItem | Derived | Parameter, ...] = (*data, *parameters, *derived)
    names.check_unused(draft, named, set(draft.scope.used))
    names.check_look_alikes(draft, [(d.name, d.place) for d in named])
    names.check_near_duplicates(draft, [(i.name, i.place) for i in indicators])
    found = tuple(sorted((*result.diagnostics, *draft.scope.found), key=lambda d: (d.line, d.code)))
    if any(d.is_error for d in found) or head.full_score is None or head.track is None:
        return CheckResult(None, found, draft.language)
    ruleset = Ruleset(
        language=draft.language, name=head.name, version=head.version, applies=head.applies,
        unit_levels=head.unit_levels, effective=head.effective, issuer=head.issuer, basis=head.basis,
        notes=head.notes, full_score=head.full_score, common_score=head.common, individual_score=head.individual,
        deciding_track=head.track, roundings=head.roundings, all_out=head.all_out,  # type: ignore[arg-type]
        left_out_limit=head.limit, data=data, parameters=parameters, derived=derived, indicators=indicators,
        adjustments=adjustments, vetoes=vetoes, subtotals=subtotals, scales=scales, worst_of=worst_of,
        reconciliations=reconciliations, dimensions=dimensions, problem_types=problem_types, unscored=unscored,
        order=evaluation, digest=digest, regions=head.regions, units=head.units, awaited=awaited,
        crosswalks=crosswalks,
        segments=segments, surveys=surveys,
        cohort=cohort,
    )  # fmt: skip
    return CheckResult(ruleset, found, draft.language)


def _implied_items(draft: Draft, roots: list[Branch]) -> tuple[DataItem, ...]:
    """Data items that evaluation points imply."""
    items: list[DataItem] = []
    for branch in every_branch(roots):
        for item in check_point_items(draft, branch.block, branch.code):
            draft.scope.names[item.name] = Named(item.key, item.type, item.place)
            draft.scope.possibilities[item.key] = Range(item.low, item.high)
            items.append(item)
    return tuple(items)


def _codes_in_scope(draft: Draft, roots: list[Branch]) -> None:
    branches = list(every_branch(roots))
    draft.scope.codes = {b.code: b.level for b in branches}
    for branch in branches:
        points: Exact | None = branch.points
        draft.scope.possibilities[f"score.{branch.code}"] = Range(0, points, grain="some", tight=False)
        draft.scope.possibilities[f"rate.{branch.code}"] = Range(0, 1, grain="some", tight=False)


def _indicators(draft: Draft, head: Head, branch: Branch, memory: CheckMemory) -> list[Indicator]:
    """A branch and all below it, each with its fields read, parents first."""
    points: Exact = branch.points if branch.points is not None else 0
    place: Place = draft.place(branch.block.line, branch.block.line.node.parts[1])
    plain = Indicator(
        branch.code, branch.name, branch.level, points, place, branch.parent.code if branch.parent else None,  # type: ignore[arg-type]
        tuple(c.code for c in branch.children), branch.individual,
    )  # fmt: skip
    if branch.level < 3:
        found = [_remembered(draft, head, branch, plain, memory) or plain]
        for child in branch.children:
            found += _indicators(draft, head, child, memory)
        return found
    if branch.points is None:
        return []
    leaf = _remembered(draft, head, branch, plain, memory)
    if leaf is None:
        draft.failed.add(branch.code)
        return []
    return [leaf]


def _remembered(draft: Draft, head: Head, branch: Branch, plain: Indicator, memory: CheckMemory) -> Indicator | None:
    """An indicator with its fields and its standard, remembered or made."""
    scope, line = draft.scope, branch.block.line
    known = memory.recall(draft, plain, line)
    if known is not None:
        scope.used.update(known.used)
        for value in known.cohort:
            scope.cohort.setdefault(value.key, value)
        return known.made
    before, used_before, cohort_before = len(scope.found), scope.used, scope.cohort
    scope.used, scope.cohort = {}, {}
    memory.begin_standard()
    stage = "level3" if branch.level == 3 else "parent"
    standard = Standard(draft, branch.block, branch.code, plain.points, head.evidence, head.roundings.get(stage))
    made = standard.leaf(plain) if branch.level == 3 else standard.parent(plain)
    if len(scope.found) == before and not draft.effect_asked:
        memory.keep(draft, plain, line, made, tuple(scope.used.items()), tuple(scope.cohort.values()))
    else:
        memory.forget(branch.code)
    scope.used, scope.cohort = {**used_before, **scope.used}, {**scope.cohort, **cohort_before}
    return made


def _policies(draft: Draft, head: Head, indicators: tuple[Indicator, ...]) -> None:
    """Not-applicable policies that need a word in the head: all out, and how much at most."""
    by_code = {i.code: i for i in indicators}
    for indicator in indicators:
        policy = indicator.not_applicable
        if policy is None:
            continue
        if policy.kind in ("rescale", "spread") and head.all_out is None and _all_may_be_out(indicator, by_code):
            draft.scope.report("E628", indicator.place, code=indicator.code)
            return
        if policy.kind in ("rescale", "spread") and head.limit is None:
            draft.scope.report("E629", indicator.place, code=indicator.code)
            return


def _all_may_be_out(indicator: Indicator, by_code: dict[str, Indicator]) -> bool:
    parent = by_code.get(indicator.parent or "")
    if parent is None:
        return False
    return all((s := by_code.get(c)) is None or s.not_applicable is not None for c in parent.children)


__all__ = ["CheckMemory", "CheckResult", "LayerText", "check_chain", "check_file", "check_text"]
