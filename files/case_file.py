"""Case files -> cases: a unit's data, whole or as changes to a unit file, and what is expected.

A YAML file holds one case or a list of them under ``cases``; a CSV or Excel table one case a
row, its columns named after data items or ``expected.score``, ``expected.A1.1`` and so on.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic, Label, Place, nearest
from ..dsl.frozen import frozen
from ..engine.cases import BY_CODE, PLAIN, STEPS, Difference, Expected
from ..engine.intake import NumberText
from .json_text import read_json
from .ruleset_folder import folder_of, pick
from .text import Unreadable, decode, read_bytes
from .unit_file import KEYS, RawUnit, raw_unit, sought
from .yaml_text import read_yaml

_CASE = ("name", "unit", "rules", "changes", "without_evidence", "reason", "to_confirm", "expected")
#: The keys of a case: Chinese -> English.
WORDS_OF_CASES: Mapping[str, str] = {
    "名称": "name", "单位": "unit", "规则集": "rules", "更改": "changes", "缺佐证": "without_evidence", "理由": "reason",
    "待确认": "to_confirm", "期望": "expected", "用例": "cases",
}  # fmt: skip
#: What may stand under ``expected``: Chinese -> English.
EXPECTED_KEYS: Mapping[str, str] = {
    "状态": "state", "总分": "score", "得分率": "printed_rate", "范围": "bounds", "可达": "tight", "等次": "grade", "分数等次": "by_band",
    "不计分": "unscored", "不适用": "out", "否决": "vetoes", "提示": "findings", "错误": "errors", "退出码": "status",
    "得分": "scores", "指标状态": "states", "指标理由": "reasons", "步骤": "steps", "一级指标": "level1", "指标": "indicators",
}  # fmt: skip
_STATES: Mapping[str, str] = {"已定": "decided", "未定": "undecided", "暂缓": "withheld", "不计分": "unscored", "有误": "error"}


@frozen
class FileCase:
    """One case: the unit as changed, the ruleset it names, and what is expected.

    ``at`` is the path of the case within its file, ``unit`` ``None`` with the reasons in ``found``.
    """

    path: Path
    name: str
    at: str
    rules: Path | None
    unit: RawUnit | None
    expected: Expected
    to_confirm: bool = False
    found: tuple[Diagnostic, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    base: Path | None = None


@frozen
class CaseFile:
    """A case file as read, with the place of every value."""

    path: Path
    text: str
    cases: tuple[FileCase, ...]
    places: Mapping[str, Place]


def case_paths(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The case files named, or in folders called ``cases`` below the folders named."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        below = [p for p in sorted(path.rglob("*")) if p.suffix.lower() in (".yaml", ".yml", ".csv", ".xlsx") and not p.name.startswith("~$") and p.is_file()]
        found.update(dict.fromkeys(p for p in below if p.parent.name == "cases" or p.stem.endswith(".cases")))
    return tuple(found)


def read_cases(path: Path) -> CaseFile:
    """The cases of one file.  Raises `Unreadable`."""
    if path.suffix.lower() == ".xlsx":
        from .sheet_text import read_sheet

        return CaseFile(path, "", tuple(_table(path, read_sheet(path))), {})
    text, _ = decode(read_bytes(path), path.name)
    if path.suffix.lower() == ".csv":
        try:
            return CaseFile(path, text, tuple(_table(path, csv.DictReader(io.StringIO(text)))), {})
        except csv.Error as error:
            raise Unreadable(_problem("E713", "", line="1", column="1", text="CSV")) from error
    raw, places = read_yaml(text)
    if not isinstance(raw, dict):
        raise Unreadable(_problem("E771", "", name="expected"))
    listed = next((k for k in raw if WORDS_OF_CASES.get(k, k) == "cases"), None)
    entries = [("", raw)] if listed is None else [(f"{listed}[{i}].", e) for i, e in enumerate(raw[listed] or [])]
    return CaseFile(path, text, tuple(_case(path, at, e, places) for at, e in entries), places)


def _problem(code: str, path: str, places: Mapping[str, Place] | None = None, /, **facts: str) -> Diagnostic:
    place = (places or {}).get(path)
    return Diagnostic(code, (Label(place),) if place is not None else (), facts, path=path, source="unit")


def _case(path: Path, at: str, entry: Any, places: Mapping[str, Place]) -> FileCase:
    if not isinstance(entry, dict):
        found = (_problem("E771", at.rstrip("."), places, name="expected"),)
        return FileCase(path, path.stem, at, None, None, Expected({}, {}), found=found)
    problems: list[Diagnostic] = []
    fields: dict[str, Any] = {}
    for key, value in entry.items():
        name = WORDS_OF_CASES.get(key, key)
        if name not in _CASE:
            near = nearest(key, [*_CASE, *WORDS_OF_CASES])
            problems.append(_problem("E770", f"{at}{key}", places, name=key, **({"near": near} if near else {})))
        fields[name] = value
    written_at = {WORDS_OF_CASES.get(k, k): k for k in entry}
    expected, written = _expected(fields.get("expected"), f"{at}{written_at.get('expected', 'expected')}", places, problems)
    unit, base, file = _unit(path, fields, at, places, problems)
    named = _rules(path, fields.get("rules"), base, unit)
    rules = named.resolve() if named is not None else None
    if unit is not None and rules is None:
        problems.append(_problem("E772", f"{at}{written_at.get('rules', 'unit')}", places, name=str(fields.get("rules") or "rules")))
    name = str(fields.get("name") or path.stem)
    return FileCase(path, name, at, rules, unit, expected, bool(fields.get("to_confirm")), tuple(problems), written, file)


def _expected(raw: Any, at: str, places: Mapping[str, Place], problems: list[Diagnostic]) -> tuple[Expected, dict[str, str]]:
    """What is expected, and where each expectation is written in the file."""
    plain: dict[str, Any] = {}
    by_code: dict[str, dict[str, str]] = {}
    written: dict[str, str] = {}
    for key, value in raw.items() if isinstance(raw, dict) else ():
        name = EXPECTED_KEYS.get(key, key)
        if name in PLAIN:
            plain[name] = _STATES.get(value, value) if name == "state" and isinstance(value, str) else value
            written[name] = f"{at}.{key}"
        elif name == STEPS and isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()):
            facts = {f"{code}.{step}": (str(v), f"{at}.{key}.{code}.{step}") for code, steps in value.items() for step, v in steps.items()}
            by_code.setdefault(STEPS, {}).update({path: v for path, (v, _) in facts.items()})
            written.update({f"{STEPS}.{path}": place for path, (_, place) in facts.items()})
        elif name in (*BY_CODE, "level1", "indicators") and isinstance(value, dict):
            kind = name if name in BY_CODE else "scores"
            by_code.setdefault(kind, {}).update({str(c): str(v) for c, v in value.items()})
            written.update({f"{kind}.{c}": f"{at}.{key}.{c}" for c in value})
        else:
            near = nearest(key, [*PLAIN, *BY_CODE, STEPS, *EXPECTED_KEYS])
            problems.append(_problem("E770", f"{at}.{key}", places, name=key, **({"near": near} if near else {})))
    if not plain and not by_code:
        problems.append(_problem("E771", at, places, name="expected"))
    return Expected(plain, by_code), written


def _unit(
    path: Path, fields: Mapping[str, Any], at: str, places: Mapping[str, Place], problems: list[Diagnostic]
) -> tuple[RawUnit | None, Path, Path | None]:
    """The unit with the case's changes laid over it, the folder that its paths start from, and its own file."""
    given = fields.get("unit")
    base = path.parent
    raw: Any = given
    file: Path | None = None
    name = path.name
    if isinstance(given, str):
        file = next((f for f in (path.absolute().parent / given, path.absolute().parent.parent / given) if is_file(f)), None)
        if file is None:
            problems.append(_problem("E772", f"{at}unit", places, name=given))
            return None, base, None
        base, name = file.parent, file.name
        text, _ = decode(read_bytes(file), file.name)
        raw = read_yaml(text)[0] if file.suffix.lower() in (".yaml", ".yml") else read_json(text)
    if not isinstance(raw, dict):
        problems.append(_problem("E771", at.rstrip("."), places, name="unit"))
        return None, base, None
    raw = laid_over(raw, fields.get("changes") or {})
    named = fields.get("without_evidence") or []
    without = [str(n) for n in named] if isinstance(named, list) else [str(named)]
    evidence = "佐证" if "佐证" in raw else "evidence"
    if without and isinstance(raw.get(evidence), list):
        raw = {**raw, evidence: [e for e in raw[evidence] if not isinstance(e, dict) or (e.get("材料") or e.get("kind")) not in without]}
    return raw_unit(raw, "", name, (), {}), base, file


def laid_over(base: Any, changes: Any) -> Any:
    """``base`` with ``changes`` laid over it, mappings key by key; keys in either language."""
    if not isinstance(base, dict) or not isinstance(changes, dict) or any(k in changes for k in ("state", "状态")):
        return changes
    other = {**KEYS, **{english: chinese for chinese, english in KEYS.items()}}
    found = dict(base)
    for key, value in changes.items():
        at = other[key] if key not in found and other.get(key) in found else key
        found[at] = laid_over(found.get(at), value)
    return found


def _rules(path: Path, named: Any, base: Path, unit: RawUnit | None) -> Path | None:
    """The ruleset of a case: the one it names, the one its unit names, the only one beside it, the one for such a unit."""
    if isinstance(named, str):
        return next((f for f in (path.absolute().parent / named, path.absolute().parent.parent / named) if is_file(f)), None)
    envelope = unit.envelope if unit is not None else None
    if envelope is not None and envelope.ruleset and is_file(base / envelope.ruleset):
        return base / envelope.ruleset
    beside = [*sorted(path.absolute().parent.glob("*.rules")), *sorted(path.absolute().parent.parent.glob("*.rules"))]
    if len(beside) == 1 or envelope is None or envelope.ruleset:
        return beside[0] if len(beside) == 1 else None
    try:
        return pick(sought(envelope), folder_of(base))
    except Unreadable:
        return None


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _table(path: Path, rows: Iterable[Mapping[str, Any]]) -> Iterator[FileCase]:
    """The cases of a table, one a row; an empty cell says nothing."""
    for number, row in enumerate(rows, 2):
        entry: dict[str, Any] = {"changes": {}, "expected": {}}
        for key, cell in row.items():
            value = (cell or "").strip() if isinstance(cell, str) else ""
            if not key or not value:
                continue
            head, _, rest = key.strip().partition(".")
            if WORDS_OF_CASES.get(head, head) == "expected" and rest:
                _expect(entry["expected"], rest, value)
            elif WORDS_OF_CASES.get(key, key) in _CASE:
                entry[WORDS_OF_CASES.get(key, key)] = value
            else:
                _place_change(entry["changes"], key.strip().split("/"), value)
        yield _case(path, f"[{number}].", entry, {})


def _expect(expected: dict[str, Any], name: str, value: str) -> None:
    """A cell of a column such as ``expected.score``, ``expected.A1.1`` or ``expected.steps.A1.1.value``."""
    known = EXPECTED_KEYS.get(name, name)
    kind, _, path = name.partition(".")
    if known in PLAIN:
        many = known in ("bounds", "out", "vetoes", "findings", "errors")
        expected[name] = value.replace("；", ";").replace(";", " ").split() if many else value
    elif EXPECTED_KEYS.get(kind, kind) == STEPS and path.rpartition(".")[0]:
        code, _, step = path.rpartition(".")
        expected.setdefault(kind, {}).setdefault(code, {})[step] = value
    elif EXPECTED_KEYS.get(kind, kind) in BY_CODE and path:
        expected.setdefault(kind, {})[path] = value
    else:
        expected.setdefault("scores", {})[name] = value


def _place_change(changes: dict[str, Any], parts: list[str], value: str) -> None:
    """A cell of a column such as ``数据/实有人数`` or ``评定/实地评估/超配领导职数``."""
    at = changes
    for part in parts[:-1]:
        if not isinstance(at.get(part), dict):
            at[part] = {}
        at = at[part]
    at[parts[-1]] = None if value in ("null", "未填报") else NumberText(value) if value.lstrip("-").replace(".", "", 1).isdigit() else value


# ---- accepting what was found --------------------------------------------------------------


def accepted(file: CaseFile, differing: Mapping[str, tuple[Difference, ...]]) -> tuple[str, tuple[Difference, ...]]:
    """The file's text with expectations rewritten to what was found, comments kept, and
    those differences that cannot be written in place.  ``differing`` is by path of the case."""
    lines = file.text.splitlines(keepends=True)
    edits: list[tuple[Place, str]] = []
    left: list[Difference] = []
    for case in file.cases:
        for difference in differing.get(case.at, ()):
            place = file.places.get(case.written.get(difference.path, ""))
            edit = None if place is None else _edit(lines, place, difference.found)
            if edit is None:
                left.append(difference)
            else:
                edits.append(edit)
    for place, text in sorted(edits, key=lambda e: (e[0].line, e[0].start), reverse=True):
        line = lines[place.line - 1]
        lines[place.line - 1] = line[: place.start] + text + line[place.end :]
    return "".join(lines), tuple(left)


def _edit(lines: list[str], place: Place, found: Any) -> tuple[Place, str] | None:
    line = lines[place.line - 1]
    written = line[place.start : place.end]
    if isinstance(found, (list, tuple)):
        end = line.find("]", place.start)
        if line[place.start : place.start + 1] != "[" or end < 0:
            return None
        shown = [f'"{f}"' if str(f)[:1].isdigit() else str(f) for f in found]
        return Place(place.line, place.start, end + 1), f"[{', '.join(shown)}]"
    text = "null" if found is None else str(found).lower() if isinstance(found, bool) else str(found)
    return place, f'"{text}"' if written[:1] in ("'", '"') and found is not None else text


def text_difference(path: Path, before: str, after: str) -> tuple[str, ...]:
    """A unified diff of two texts of one file."""
    return tuple(difflib.unified_diff(before.splitlines(), after.splitlines(), path.name, path.name, lineterm="", n=1))
