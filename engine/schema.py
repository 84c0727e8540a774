"""Ruleset -> JSON Schema of its unit file, and a blank unit file to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dsl.model import Column, DataItem, Ruleset, Type
from ..dsl.numbers import Exact, exact_text, percent_text
from .evidence import documents_of

_KEYS: Mapping[str, tuple[str, str]] = {
    "unit": ("单位", "unit"),
    "unit_type": ("单位类型", "unit_type"),
    "level": ("层级", "level"),
    "region": ("地区", "region"),
    "period": ("评估期", "period"),
    "as_of": ("基准日", "as_of"),
    "ruleset": ("规则集", "ruleset"),
    "data": ("数据", "data"),
    "assessments": ("评定", "assessments"),
    "evidence": ("佐证", "evidence"),
    "not_applicable": ("不适用", "not_applicable"),
    "interviews": ("访谈", "interviews"),
    "findings": ("发现", "findings"),
    "third_party": ("第三方机构", "third_party"),
    "note": ("说明", "note"),
}
_TRACK = {"self": ("自评", "self"), "on_site": ("实地评估", "on_site"), "third_party": ("第三方", "third_party")}


def keys_of(ruleset: Ruleset) -> dict[str, str]:
    """The keys of a unit file in the ruleset's language."""
    column = 0 if ruleset.language == "zh" else 1
    return {name: pair[column] for name, pair in _KEYS.items()}


def evidence_kinds(ruleset: Ruleset) -> list[str]:
    """Every kind of evidence that the ruleset asks for, once, in written order."""
    kinds: dict[str, None] = {}
    for indicator in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments)):
        kinds |= dict.fromkeys(kind for kind, _ in documents_of(indicator).values())
        kinds |= dict.fromkeys(k for r in indicator.evidence for k in r.kinds)
    return list(kinds)


def json_schema(ruleset: Ruleset) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of the unit file, with the keys of the ruleset's language."""
    keys = keys_of(ruleset)
    facts = {d.name: _item(d) for d in ruleset.data if not d.assessed}
    assessed = {d.name: _item(d) for d in ruleset.data if d.assessed}
    column = 0 if ruleset.language == "zh" else 1
    tracks = {pair[column]: _object(assessed) for pair in _TRACK.values()}
    unit_type: dict[str, Any] = {"type": "string"}
    if ruleset.applies:
        unit_type["enum"] = list(ruleset.applies)
    level: dict[str, Any] = {"type": ["string", "null"]}
    if ruleset.unit_levels:
        level["enum"] = [*ruleset.unit_levels, None]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{ruleset.name} {ruleset.version}",
        "type": "object",
        "additionalProperties": False,
        "required": [keys["unit"], keys["unit_type"], keys["as_of"]],
        "properties": {
            keys["unit"]: {"type": "string", "minLength": 1},
            keys["unit_type"]: unit_type,
            keys["level"]: level,
            keys["region"]: {"type": ["string", "null"], **({"enum": [*ruleset.regions, None]} if ruleset.regions else {})},
            keys["period"]: {"type": ["string", "null"]},
            keys["as_of"]: {"type": "string", "description": "2022-12-31"},
            keys["ruleset"]: {"type": ["string", "null"]},
            keys["data"]: _object(facts),
            keys["assessments"]: _object(tracks),
            keys["evidence"]: {"type": ["array", "null"], "items": _evidence(ruleset)},
            keys["not_applicable"]: {"type": "array", "items": _claim(ruleset)},
            keys["interviews"]: {"type": ["array", "null"], "items": _entry(ruleset, _INTERVIEW, {"indicators": _MANY, "count": _COUNT}, ("rank",))},
            keys["findings"]: {"type": "array", "items": _entry(ruleset, _FINDING, _FINDING_PARTS, ("text",))},
            keys["third_party"]: {"anyOf": [_entry(ruleset, _THIRD_PARTY, {}, ("name",)), {"type": "null"}]},
            keys["note"]: {"type": ["string", "null"]},
        },
        "$defs": {"state": _state(ruleset)},
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


_INTERVIEW = {"rank": "职级", "on": "日期", "indicators": "指标", "count": "人次", "note": "记录"}
_FINDING = {"text": "内容", "code": "指标", "sources": "来源", "matter": "事项", "confirmed_by": "确认", "disputed_by": "不同意", "evidence": "佐证"}
_THIRD_PARTY = {"name": "名称", "statement": "利益关系声明", "on": "日期"}
_TEXT: Mapping[str, Any] = {"type": "string"}
_MANY: Mapping[str, Any] = {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 1}
_FINDING_PARTS: Mapping[str, Any] = {"sources": _MANY, "confirmed_by": _MANY, "disputed_by": _MANY, "evidence": _MANY}


def _entry(ruleset: Ruleset, names: Mapping[str, str], kinds: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    """An entry of field work: texts, except where ``kinds`` says otherwise."""
    zh = ruleset.language == "zh"
    properties = {names[n] if zh else n: dict(kinds.get(n, {"type": ["string", "null"]})) for n in names}
    return {**_object(properties), "required": [names[r] if zh else r for r in required]}


def _item(item: DataItem) -> dict[str, Any]:
    if item.type.kind == "records":
        rows = {**_object({c.name: _column(c) for c in item.columns}), "required": [c.name for c in item.columns if not c.optional]}
        files = [{**_object({file: _TEXT, sheet: _TEXT}), "required": [file]} for file, sheet in (("文件", "工作表"), ("file", "sheet"))]
        plain: dict[str, Any] = {"anyOf": [{"type": "array", "items": rows}, *files]}
    elif item.type.kind == "numbers":
        plain = {"type": "array", "items": _number(Type("number", item.type.unit), item.low, item.high), "minItems": item.count_low}
        if item.count_high is not None:
            plain["maxItems"] = item.count_high
    else:
        plain = _plain(item.type, item.low, item.high)
    described = {"description": item.source} if item.source else {}
    return {**described, "anyOf": [plain, {"type": "null"}, {"$ref": "#/$defs/state"}]}


def _column(column: Column) -> dict[str, Any]:
    plain = _plain(column.type, column.low, column.high)
    return {"anyOf": [plain, {"type": "null"}, {"const": ""}]} if column.optional else plain


def _plain(kind: Type, low: Exact | None, high: Exact | None) -> dict[str, Any]:
    match kind.kind:
        case "number":
            return _number(kind, low, high)
        case "yes_no":
            return {"enum": [True, False, "是", "否", "yes", "no"]}
        case "choice":
            return {"enum": list(kind.options)}
        case "date":
            return {"type": "string", "description": "2022-12-31"}
    return {"type": "string"}


def _number(kind: Type, low: Exact | None, high: Exact | None) -> dict[str, Any]:
    if kind.share == "percent":
        limits = f"{percent_text(low) if low is not None else '…'} – {percent_text(high) if high is not None else '…'}"
        return {"type": "string", "pattern": r"^\s*-?[0-9]+(\.[0-9]+)?\s*[%％]\s*$", "description": limits}
    found: dict[str, Any] = {"type": "integer" if kind.whole else "number"}
    for name, limit in (("minimum", low), ("maximum", high)):
        if limit is not None and limit.denominator == 1:
            found[name] = limit.numerator
        elif limit is not None:
            found["description"] = f"{name} {exact_text(limit)}"
    if not kind.unit.name:
        return found
    return {"anyOf": [found, {"type": "string", "pattern": r"^\s*-?[0-9]+(\.[0-9]+)?\s*\S+\s*$"}], "description": kind.unit.name}


def _state(ruleset: Ruleset) -> dict[str, Any]:
    if ruleset.language == "zh":
        names, states = ("状态", "理由", "到期日", "各方数值", "确认"), ["未填报", "不适用", "未到期", "存疑"]
    else:
        names, states = ("state", "reason", "due", "claims", "confirmed_by"), ["missing", "not_applicable", "not_due", "disputed"]
    state, reason, due, claims, confirmed = names
    tracks = [pair[0 if ruleset.language == "zh" else 1] for pair in _TRACK.values()]
    return {
        **_object(
            {
                state: {"enum": states},
                reason: {"type": "string"},
                due: {"type": "string"},
                claims: {"type": "array", "minItems": 2},
                confirmed: {"anyOf": [{"enum": tracks}, {"type": "array", "items": {"enum": tracks}}]},
            }
        ),
        "required": [state],
    }


def _evidence(ruleset: Ruleset) -> dict[str, Any]:
    zh = ruleset.language == "zh"
    names = ("材料", "名称", "编号", "出具单位", "出具日期", "份数", "文件") if zh else ("kind", "title", "number", "issued_by", "issued_on", "copies", "file")
    kind, *others = names
    text = {"type": ["string", "null"]}
    properties = {kind: {"type": "string", "examples": evidence_kinds(ruleset)}, **dict.fromkeys(others, text)}
    properties[others[4]] = {"type": "integer", "minimum": 0}
    return {**_object(properties), "required": [kind]}


def _claim(ruleset: Ruleset) -> dict[str, Any]:
    code, reason, confirmed = ("指标", "理由", "确认") if ruleset.language == "zh" else ("code", "reason", "confirmed_by")
    codes = [i.code for i in ruleset.leaves if i.not_applicable is not None]
    text = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    return {**_object({code: {"enum": codes} if codes else {"type": "string"}, reason: {"type": "string"}, confirmed: text}), "required": [code, reason]}


def blank_unit(ruleset: Ruleset, rules_path: str) -> dict[str, Any]:
    """A unit file with every value still to be filled in: ``null`` is not filled in."""
    keys = keys_of(ruleset)
    column = 0 if ruleset.language == "zh" else 1
    track = _TRACK[ruleset.deciding_track][column]
    unit = "某单位" if ruleset.language == "zh" else "some unit"
    day = ruleset.effective.end.isoformat() if ruleset.effective.end is not None else "2022-12-31"
    kind = "材料" if ruleset.language == "zh" else "kind"
    return {
        keys["unit"]: unit,
        keys["unit_type"]: ruleset.applies[0] if ruleset.applies else "",
        **({keys["level"]: ruleset.unit_levels[0]} if ruleset.unit_levels else {}),
        keys["as_of"]: day,
        keys["ruleset"]: rules_path,
        keys["data"]: {d.name: None for d in ruleset.data if not d.assessed},
        keys["assessments"]: {track: {d.name: None for d in ruleset.data if d.assessed}},
        keys["evidence"]: [{kind: k} for k in evidence_kinds(ruleset)],
    }
