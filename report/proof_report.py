"""What was proved of a ruleset, as a document and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dsl.keywords import Language
from ..dsl.model import DataItem, Indicator, Ruleset
from ..dsl.numbers import exact_text
from ..dsl.periods import lapsed, period_text
from ..engine.solver.parts import End, Scope
from ..engine.solver.prove import Proof
from ..engine.solver.rising import Move, Rising
from ..engine.solver.spots import Spot
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table, Tone
from .figures import points_text
from .values import value_text

#: Sentences in Chinese and English.
SAY: Mapping[str, tuple[str, str]] = {
    "title": ("证明：{name}（版本 {version}）", "Proofs: {name} (version {version})"),
    "scope": (
        "基准日 {day}。范围：数据都已填报并在申报的范围之内、没有申报不适用、勾稽都成立的单位；只提示的佐证视为已交，影响得分的佐证可交可不交。",
        "As of {day}.  Units considered: all data filled in and within the declared ranges, nothing claimed not applicable, "
        "data that reconcile; evidence that is only reported counts as handed in, evidence that the score depends on may be there or not.",
    ),
    "code": ("编码", "code"), "indicator": ("指标", "indicator"), "low": ("最低", "least"), "high": ("最高", "most"),
    "points": ("满分", "of"), "remark": ("说明", "remark"), "total": ("合计", "total"),
    "grade": ("等次", "grade"), "reached": ("能否达到", "reached"), "score": ("总分", "total"), "file": ("见证", "witness"),
    "yes": ("能", "yes"), "no": ("不能，已证明", "never, proved"), "open": ("未判定", "not decided"),
    "not_in_force": ("这一天不在生效期内（{period}）", "not in force on that day ({period})"),
    "not_full": ("达不到满分", "cannot reach full points"), "near": ("趋近而达不到", "approached, never reached"),
    "open_low": ("最低分未判定", "least not decided"), "open_high": ("最高分未判定", "most not decided"),
    "grades": ("等次", "Grades"),
    "between_no": ("没有单位落在两档之间（已证明）。", "No unit falls between the grade bands (proved)."),
    "between_open": ("是否有单位落在两档之间：未判定。", "Whether a unit falls between the grade bands: not decided."),
    "dead": ("没有单位走得到的地方", "What no unit reaches"),
    "dead_none": (
        "没有：每一档、每一支、每个条件的两面都有单位走到（共{count}处）。",
        "Nothing: some unit gets to every band, every branch and both sides of every condition ({count} in all).",
    ),
    "no_spots": ("没有档、分支和条件。", "There are no bands, branches or conditions."),
    "band": ("{line}  {code}：“{text}”这一档没有单位落入", '{line}  {code}: no unit falls into the band "{text}"'),
    "gap": ("{line}  {code}：有单位不落在任何一档", "{line}  {code}: some unit falls into no band"),
    "branch": ("{line}  {code}：“{text}”这一支没有单位走到", '{line}  {code}: no unit takes the branch "{text}"'),
    "otherwise": ("{line}  {code}：“{text}”之后的“否则”没有单位走到", '{line}  {code}: no unit comes to "otherwise" after "{text}"'),
    "holds": ("{line}  {code}：条件“{text}”永不成立", '{line}  {code}: the condition "{text}" never holds'),
    "fails": ("{line}  {code}：条件“{text}”总是成立", '{line}  {code}: the condition "{text}" always holds'),
    "undecided_spots": ("未判定：", "Not decided:"),
    "rising": ("越多越如何（其余不变）", "What more does (all else equal)"),
    "up": ("只升不降：{names}", "Only raises: {names}"),
    "down": ("只降不升：{names}", "Only lowers: {names}"),
    "both": ("{code}  {name}：有升有降", "{code}  {name}: raises here and lowers there"),
    "pair": ("{less} → {more}{others}：得分 {before} → {after}", "{less} → {more}{others}: score {before} → {after}"),
    "others": ("（{names}）", " ({names})"),
    "undecided": ("未判定：{names}", "Not decided: {names}"),
    "opposed": ("{name}：使{up}升，使{down}降", "{name}: raises {up} and lowers {down}"),
    "unsolved": ("没有交给求解器的（所涉及的结论均为“未判定”）：{names}", 'Not given to the solver, so that what rests on it is "not decided": {names}'),
}  # fmt: skip


class _Say:
    """The sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.comma = "、" if language == "zh" else ", "

    def __call__(self, key: str, **facts: str) -> str:
        return SAY[key][0 if self.language == "zh" else 1].format(**facts)


def proof_document(proof: Proof, files: Mapping[str, str], language: Language) -> Document:
    """A proof as a document; ``files`` names the witness written for each grade."""
    say = _Say(language)
    ruleset = proof.ruleset
    blocks: list[Block] = [
        Heading(say("title", name=ruleset.name, version=ruleset.version)),
        Paragraph(say("scope", day=proof.day.isoformat()), "dim"),
        _ranges(proof, say),
        Heading(say("grades"), 2),
        _grades(proof, files, say),
    ]
    if proof.grades:
        blocks.append(Paragraph(say("between_no" if proof.between is False else "between_open"), "plain" if proof.between is False else "warn"))
    blocks += [Heading(say("dead"), 2), *_spots(proof, say), Heading(say("rising"), 2), *_rising(proof, say)]
    if proof.unsolved:
        blocks.append(Paragraph(say("unsolved", names=say.comma.join(proof.unsolved)), "warn"))
    return Document(tuple(blocks))


# ---- ranges and grades --------------------------------------------------------------------------


def _ranges(proof: Proof, say: _Say) -> Table:
    columns = (
        Column(say("code")), Column(say("indicator"), wrap=True), Column(say("low"), "right"), Column(say("high"), "right"),
        Column(say("points"), "right"), Column(say("remark"), wrap=True),
    )  # fmt: skip
    rows = [_range_row(i, proof, say) for i in proof.ruleset.by_code.values()]
    total = Row(("", say("total"), *_ends(proof.total), points_text(proof.ruleset.full_score), _remark(proof.total, None, say)), "strong")
    return Table(columns, (*rows, total))


def _range_row(indicator: Indicator, proof: Proof, say: _Say) -> Row:
    indent = ("　" if say.language == "zh" else "  ") * (indicator.level - 1)
    period = lapsed(proof.ruleset, indicator.code, proof.day)
    if period is not None:
        text = say("not_in_force", period=period_text(period, say.language))
        return Row((indicator.code, indent + indicator.name, "–", "–", points_text(indicator.points), text), "dim")
    scope = proof.scopes[indicator.code]
    remark = _remark(scope, indicator, say)
    tone: Tone = "strong" if indicator.level == 1 else "warn" if remark else "plain"
    return Row((indicator.code, indent + indicator.name, *_ends(scope), points_text(indicator.points), remark), tone)


def _ends(scope: Scope) -> tuple[str, str]:
    return points_text(scope.low.value), points_text(scope.high.value)


def _remark(scope: Scope, indicator: Indicator | None, say: _Say) -> str:
    found = []
    for name, end in (("open_low", scope.low), ("open_high", scope.high)):
        if end.reached is None:
            found.append(say(name))
        elif end.reached is False:
            found.append(say("low" if end is scope.low else "high") + say("near"))
    if indicator is not None and scope.high.reached is not None and scope.high.value < indicator.points:
        found.append(say("not_full"))
    return ("；" if say.language == "zh" else "; ").join(found)


def _grades(proof: Proof, files: Mapping[str, str], say: _Say) -> Table:
    columns = [Column(say("grade")), Column(say("reached")), Column(say("score"), "right")]
    if files:
        columns.append(Column(say("file")))
    rows = []
    for reach in proof.grades:
        told = say("yes" if reach.reached else "open" if reach.reached is None else "no")
        score = points_text(reach.result.score) if reach.result is not None and reach.result.score is not None else "–"
        cells = (reach.grade, told, score, *([files.get(reach.grade, "–")] if files else []))
        rows.append(Row(cells, "plain" if reach.reached else "warn"))
    return Table(tuple(columns), tuple(rows))


# ---- what is not reached, what rises and falls -----------------------------------------------------


def spot_text(spot: Spot, language: Language) -> str:
    """One sentence about a spot."""
    return _Say(language)(spot.kind, line=str(spot.place.line), code=spot.code, text=spot.text)


def _spots(proof: Proof, say: _Say) -> list[Block]:
    never, left = proof.never, [s for s in proof.spots if s.reached is None]
    found: list[Block] = []
    if never:
        found.append(Items(tuple(Item(spot_text(s, say.language), (), "bad") for s in sorted(never, key=lambda s: s.place.line))))
    else:
        count = sum(s.kind != "gap" for s in proof.spots)
        found.append(Paragraph(say("dead_none", count=str(count)) if count else say("no_spots"), "good" if not left else "plain"))
    if left:
        found += [Paragraph(say("undecided_spots"), "warn"), Items(tuple(Item(spot_text(s, say.language)) for s in left))]
    return found


def _rising(proof: Proof, say: _Say) -> list[Block]:
    found: list[Block] = []
    for direction in ("up", "down"):
        names = dict.fromkeys(_name(r) for r in proof.rising if r.direction == direction)
        if names:
            found.append(Paragraph(say(direction, names=say.comma.join(names))))
    items = [_both(r, proof.ruleset, say) for r in proof.rising if r.direction == "both"]
    items += [Item(text) for text in _opposed(proof, say)]
    if items:
        found.append(Items(tuple(items)))
    left = dict.fromkeys(f"{r.code} {_name(r)}" for r in proof.rising if r.direction == "not_decided")
    if left:
        found.append(Paragraph(say("undecided", names=say.comma.join(left)), "warn"))
    return found


def _name(rising: Rising) -> str:
    return rising.key.removeprefix("data.")


def _opposed(proof: Proof, say: _Say) -> list[str]:
    """Items that raise one indicator and lower another."""
    found = []
    for key in dict.fromkeys(r.key for r in proof.rising):
        up, down = ([r.code for r in proof.rising if r.key == key and r.direction == d] for d in ("up", "down"))
        if up and down:
            found.append(say("opposed", name=key.removeprefix("data."), up=say.comma.join(up), down=say.comma.join(down)))
    return found


def _both(rising: Rising, ruleset: Ruleset, say: _Say) -> Item:
    pairs = [Item(_pair(rising.key, m, ruleset, say)) for m in (rising.raised, rising.lowered) if m is not None]
    return Item(say("both", code=rising.code, name=_name(rising)), tuple(pairs), "warn")


def _pair(key: str, move: Move, ruleset: Ruleset, say: _Say) -> str:
    def told(of: str, facts: Mapping[str, Any]) -> str:
        item = ruleset.by_key[of]
        assert isinstance(item, DataItem)
        return value_text(item, facts[of], say.language)

    same = [f"{k.removeprefix('data.')} {told(k, move.less)}" for k in move.less if k.startswith("data.") and k != key and move.more.get(k) == move.less[k]]
    others = say("others", names=say.comma.join(same)) if same else ""
    before, after = (points_text(s) for s in move.scores)
    return say("pair", less=told(key, move.less), more=told(key, move.more), others=others, before=before, after=after)


# ---- as data ------------------------------------------------------------------------------------------


def proof_data(proof: Proof, files: Mapping[str, str]) -> dict[str, Any]:
    """A proof for ``--json``; numbers are exact texts."""
    return {
        "shape": 1,
        "ruleset": {"name": proof.ruleset.name, "version": proof.ruleset.version, "digest": proof.ruleset.digest},
        "as_of": proof.day.isoformat(),
        "total": _scope_data(proof.total),
        "indicators": [
            {"code": i.code, "name": i.name, "points": exact_text(i.points), "in_force": lapsed(proof.ruleset, i.code, proof.day) is None}
            | _scope_data(proof.scopes[i.code])
            for i in proof.ruleset.by_code.values()
        ],
        "grades": [
            {"grade": r.grade, "reached": r.reached, "witness": files.get(r.grade), "score": _text(r.result.score) if r.result else None} for r in proof.grades
        ],
        "between_grades": proof.between,
        "never": [_spot_data(s) for s in proof.never],
        "not_decided": [_spot_data(s) for s in proof.spots if s.reached is None],
        "spots": len(proof.spots),
        "rising": [
            {"code": r.code, "data": _name(r), "direction": r.direction, "raised": _move_data(r.raised), "lowered": _move_data(r.lowered)} for r in proof.rising
        ],
        "unsolved": dict(proof.unsolved),
    }


def _text(score: Any) -> str | None:
    return None if score is None else exact_text(score)


def _scope_data(scope: Scope) -> dict[str, Any]:
    return {"low": _end_data(scope.low), "high": _end_data(scope.high)}


def _end_data(end: End) -> dict[str, Any]:
    return {"value": exact_text(end.value), "reached": end.reached}


def _spot_data(spot: Spot) -> dict[str, Any]:
    return {"kind": spot.kind, "code": spot.code, "line": spot.place.line, "text": spot.text}


def _move_data(move: Move | None) -> dict[str, Any] | None:
    if move is None:
        return None
    return {"less": _facts_data(move.less), "more": _facts_data(move.more), "scores": [exact_text(s) for s in move.scores]}


def _facts_data(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v if isinstance(v, (bool, str)) else exact_text(v) if hasattr(v, "numerator") else str(v) for k, v in facts.items()}
