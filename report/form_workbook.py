"""A form for units as a workbook: a sheet a topic, lists to pick from, ranges checked as one types,
everything locked but what is to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ..dsl.keywords import Language
from ..dsl.model import Column, Ruleset, Type
from ..dsl.numbers import Exact
from ..engine.form import CLAIMS, EVIDENCE, LISTS, STATES, TOPIC, UNIT, FormPlan, FormRow, Topic, asked_of, form_plan, form_word, type_word
from ..engine.schema import keys_of
from ..engine.unit import TRACKS, Track
from .workbook_cells import FILL_IN, MADE, Book, fraction_formula, lines_in, page, row_height

_HEADER = 2
_FIRST = _HEADER + 1
#: Blank rows for evidence besides what is asked for, and rows of a table that are checked.
_MORE_EVIDENCE, _TABLE_ROWS, _MOST_NUMBERS = 60, 5_000, 12
_WIDTHS = {
    "item": 24, "by": 10, "type": 8, "measure": 8, "value": 16, "asked": 28, "source": 20, "used": 14, "state": 10, "why": 24,
    "kind": 24, "given": 8, "title": 24, "number": 16, "issued_by": 18, "issued_on": 13, "copies": 7, "file": 18,
    "code": 9, "name": 30, "reason": 36, "self": 10, "on_site": 10, "third_party": 10, "entry": 16, "answer": 36,
}  # fmt: skip
_PROTECTED = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True, "insert_rows": True, "delete_rows": True}


def form_workbook(ruleset: Ruleset, tracks: Iterable[Track], rules: str) -> bytes:
    """The form of a ruleset as the bytes of an ``.xlsx`` file; ``rules`` is how it names its ruleset.

    Assessed items are asked of these tracks.
    """
    return _Form(ruleset, form_plan(ruleset, tracks), rules).content()


class _Form:
    """Writes one form."""

    def __init__(self, ruleset: Ruleset, plan: FormPlan, rules: str) -> None:
        self.ruleset, self.plan, self.rules = ruleset, plan, rules
        self.language: Language = ruleset.language
        self.zh = self.language == "zh"
        self.book = Book(self.language)
        self.titles: set[str] = {self.book.list_title.lower()}

    def content(self) -> bytes:
        self.guide()
        self.unit()
        for topic in self.plan.topics:
            self.topic(topic)
        if self.plan.lists:
            self.lists()
        for table in self.plan.tables:
            self.table(table)
        self.evidence()
        if self.plan.claims:
            self.claims()
        return self.book.content()

    def say(self, key: str) -> str:
        return form_word(key, self.language)

    # ---- sheets ----

    def sheet(self, title: str, hint: str, keys: Sequence[str], headings: Sequence[str] | None = None, widths: Sequence[int] | None = None) -> Worksheet:
        out = self.book.sheet(self.sheet_name(title))
        names = headings if headings is not None else [self.say(k) for k in keys]
        self.book.title(out, title, hint, len(names), 1 + hint.count("\n"))
        self.book.header(out, _HEADER, names)
        for column, width in enumerate(widths if widths is not None else [_WIDTHS[k] for k in keys]):
            out.set_column(column, column, width)
        out.freeze_panes(_FIRST, 1)
        out.protect("", _PROTECTED)
        page(out, self.language, header_row=_HEADER)
        return out

    def sheet_name(self, title: str) -> str:
        plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31].strip() or "…"
        name, number = plain, 2
        while name.lower() in self.titles:
            name, number = f"{plain[:27]} {number}", number + 1
        self.titles.add(name.lower())
        return name

    def guide(self) -> None:
        """What this is, and how to fill it in."""
        out = self.book.sheet(self.sheet_name(self.say("guide")))
        out.set_column(0, 0, 110)
        ruleset = self.ruleset
        lines = (
            [
                "黄色的格子由您填写，其余的格子锁定。",
                "一、先填“基本情况”。日期写成 2022-12-31。",
                "二、再逐张填各主题的表。能选的从下拉列表里选；数写在“填报值”一列，不带单位；百分数直接写 88.6%。",
                "三、没有数的不要写0，空着就是未填报；不适用、未到期、存疑的，在“状态”一列选，并写明说明：不适用写理由，未到期写到期日，存疑写各方数值（用“、”隔开）。",
                "四、名册、问卷等记录表一行一条，可以一直往下写。",
                "五、“佐证材料”逐件登记：交了的在“已交”一列选“是”，写明编号、出具单位、日期和份数；列完后在表头选“已全部列出”。",
                "六、整项指标不适用的，在“不适用”表里写理由。",
                "没填完也可以检查：ruleeval check 填报.xlsx 给出可能的得分范围，并列出还缺什么，影响最大的在前。",
            ]
            if self.zh
            else [
                "Fill in the yellow cells; all others are locked.",
                '1. Begin with the sheet "unit". Dates are written 2022-12-31.',
                '2. Go on with the sheets of the topics. Pick from the lists; numbers go into "value" without their unit; a percentage is written 88.6%.',
                '3. What is not known is left empty, never 0. What does not apply, is not yet due or is in dispute has a "state" and something about it: '
                "the reason, the due date, or the values claimed, with ; between them.",
                "4. Tables of records take a row a record, as many as there are.",
                '5. On the sheet "evidence" every document has a row: "handed in" yes, with number, issuer, date and copies; then choose "complete" above.',
                '6. A whole indicator that does not apply has its reason on the sheet "not applicable".',
                "A form that is half filled in can be checked: ruleeval check FORM.xlsx tells the range of the score and what is still wanting, "
                "what matters most first.",
            ]
        )
        self.book.text(out, 0, 0, f"{ruleset.name} {ruleset.version}", bold=True, font_size=15)
        out.set_row(0, 28)
        for row, line in enumerate(lines, 1):
            self.book.text(out, row, 0, line, font_size=11)
            out.set_row(row, 16 * lines_in(line, 108) + 4)
        out.protect("", _PROTECTED)
        page(out, self.language, header_row=None, landscape=False)

    def unit(self) -> None:
        keys = keys_of(self.ruleset)
        hint = "这个单位是谁，评估到哪一天。" if self.zh else "Who the unit is, and as of which day it is evaluated."
        out = self.sheet(self.say("unit_sheet"), hint, UNIT)
        must = "必填" if self.zh else "needed"
        rows: list[tuple[str, str, str, Sequence[str]]] = [
            ("unit", "", must, ()), ("unit_type", "", must, self.ruleset.applies), ("level", "", "", self.ruleset.unit_levels),
            ("region", "", "", self.ruleset.regions), ("period", "", "", ()), ("as_of", "", must, ()),
            ("ruleset", self.rules, "规则集文件，不用改" if self.zh else "the ruleset's file; leave it", ()), ("note", "", "", ()),
        ]  # fmt: skip
        for row, (key, value, hint_text, choices) in enumerate(rows, _FIRST):
            self.locked(out, row, 0, keys[key])
            self.locked(out, row, 2, hint_text)
            kind = Type("date") if key == "as_of" else Type("choice", options=tuple(choices)) if choices else Type("text")
            self.input(out, (row, 1, row, 1), kind, None, None)
            if value:
                self.book.text(out, row, 1, value, **self.look_in(kind))

    def topic(self, topic: Topic) -> None:
        hint = "黄色的格子填写；没有数的空着，不要写0。" if self.zh else "Fill in the yellow cells; leave empty what is not known, and never write 0 for it."
        out = self.sheet(topic.title, hint, TOPIC)
        for number, row in enumerate(topic.rows, _FIRST):
            self.row(out, number, row)
        last = _FIRST + len(topic.rows) - 1
        states = [self.say(s) for s in STATES]
        self.book.drop_down(out, (_FIRST, TOPIC.index("state"), last, TOPIC.index("state")), states, strict=True)
        out.autofilter(_HEADER, 0, last, len(TOPIC) - 1)

    def row(self, out: Worksheet, number: int, row: FormRow) -> None:
        item = row.item
        measure = item.type.unit.name or ("%" if item.type.share == "percent" else "")
        texts = {
            "item": item.name, "by": self.by(row), "type": type_word(item.type, self.language), "measure": measure,
            "asked": asked_of(item, self.language), "source": item.source or "", "used": self.listed(row.used),
        }  # fmt: skip
        for key, text in texts.items():
            self.locked(out, number, TOPIC.index(key), text)
        at = TOPIC.index("value")
        self.input(out, (number, at, number, at), item.type, item.low, item.high)
        for key in ("state", "why"):
            self.book.text(out, number, TOPIC.index(key), "", **self.look_in(Type("text")))
        out.set_row(number, row_height(max(lines_in(t, _WIDTHS[k]) for k, t in texts.items())))

    def by(self, row: FormRow) -> str:
        return self.say(row.track if row.track is not None else "the_unit")

    def listed(self, words: Sequence[str]) -> str:
        return ("、" if self.zh else ", ").join(words)

    def lists(self) -> None:
        hint = "每一行一组数，从左往右一格一个。" if self.zh else "A row a list; a number a cell, from left to right."
        most = max(r.item.count_high or _MOST_NUMBERS for r in self.plan.lists)
        headings = [*(self.say(k) for k in LISTS), *(str(n) for n in range(1, most + 1))]
        out = self.sheet(self.say("lists"), hint, LISTS, headings, [24, 10, 28, *[8] * most])
        for number, row in enumerate(self.plan.lists, _FIRST):
            for column, text in enumerate((row.item.name, self.by(row), asked_of(row.item, self.language))):
                self.locked(out, number, column, text)
            kind = Type("number", row.item.type.unit)
            self.input(out, (number, len(LISTS), number, len(LISTS) + (row.item.count_high or _MOST_NUMBERS) - 1), kind, row.item.low, row.item.high)

    def table(self, row: FormRow) -> None:
        """A roster, a questionnaire or any other table: its columns, what each takes, and rows to fill in."""
        item = row.item
        who = f"（{self.by(row)}）" if self.zh and row.track else f" ({self.by(row)})" if row.track else ""
        columns = item.columns
        widths = [max(12, min(30, 2 * len(c.name) + 4)) for c in columns]
        hint = "一行一条，从黄色的第一行写起。" if self.zh else "A row a record, from the first yellow row on."
        out = self.sheet(f"{self.say('table')}：{item.name}{who}", hint, (), [c.name for c in columns], widths)
        for position, column in enumerate(columns):
            kind = type_word(column.type, self.language)
            asked = asked_of(column, self.language)
            blank = ("" if not column.optional else "，可空" if self.zh else ", may be blank")
            self.book.text(out, _FIRST, position, kind, **self.look_locked(), font_color="#595959")
            self.book.text(out, _FIRST + 1, position, asked + blank, **self.look_locked(), font_color="#595959", font_size=9)
            out.set_column(position, position, widths[position], self.book.look(**self.look_in(column.type, border=0)))
            self.validate(out, (_FIRST + 2, position, _FIRST + 1 + _TABLE_ROWS, position), column.type, column.low, column.high)
        out.set_row(_FIRST + 1, row_height(max(lines_in(asked_of(c, self.language), w) for c, w in zip(columns, widths, strict=True))))
        out.freeze_panes(_FIRST + 2, 0)

    def evidence(self) -> None:
        hint = (
            "交了的选“是”；同一种材料有几件的，在下面空行里再写。" if self.zh
            else "Choose yes for what is handed in; further documents of a kind go into the blank rows."
        )  # fmt: skip
        out = self.sheet(self.say("evidence_sheet"), hint, EVIDENCE)
        self.locked(out, _FIRST, 0, self.say("handed"))
        look = self.look_in(Type("choice"))
        self.book.text(out, _FIRST, 1, "", **look)
        out.merge_range(_FIRST, 1, _FIRST, 2, "", self.book.look(**look))
        self.book.drop_down(out, (_FIRST, 1, _FIRST, 1), [self.say("listed"), self.say("not_listed")], strict=True)
        first = _FIRST + 1
        last = first + len(self.plan.evidence) + _MORE_EVIDENCE - 1
        kinds = [kind for kind, _ in self.plan.evidence]
        types = {"given": Type("yes_no"), "issued_on": Type("date"), "copies": Type("number", whole=True)}
        for column, key in enumerate(EVIDENCE):
            if key not in ("kind", "used"):
                self.input(out, (first, column, last, column), types.get(key, Type("text")), 0 if key == "copies" else None, None)
        for number in range(first, last + 1):
            asked = self.plan.evidence[number - first] if number - first < len(kinds) else None
            if asked is not None:
                self.locked(out, number, 0, asked[0])
            else:
                self.book.text(out, number, 0, "", **self.look_in(Type("text")))
            self.locked(out, number, EVIDENCE.index("used"), self.listed(asked[1]) if asked is not None else "")
        if kinds:
            self.book.drop_down(out, (first + len(kinds), 0, last, 0), kinds, strict=False)

    def claims(self) -> None:
        hint = (
            "整项指标不适用的，写明理由；哪一方同意，在那一方的一列选“是”。" if self.zh
            else "An indicator that does not apply as a whole: its reason, and yes for who agrees."
        )  # fmt: skip
        out = self.sheet(self.say("claims"), hint, CLAIMS)
        for number, indicator in enumerate(self.plan.claims, _FIRST):
            self.locked(out, number, 0, indicator.code)
            self.locked(out, number, 1, indicator.name)
            self.input(out, (number, 2, number, 2), Type("text"), None, None)
            self.input(out, (number, 3, number, 2 + len(TRACKS)), Type("yes_no"), None, None)

    # ---- cells ----

    def look_locked(self) -> dict[str, Any]:
        return {"border": 1, "border_color": "#BFBFBF", "bg_color": MADE, "locked": True}

    def locked(self, out: Worksheet, row: int, column: int, text: str) -> None:
        self.book.text(out, row, column, text, **self.look_locked())

    def look_in(self, kind: Type, border: int = 1) -> dict[str, Any]:
        """The look of a cell to be filled in."""
        shown = "General"
        if kind.kind == "number" and kind.share == "percent":
            shown = "0.0#######%"
        elif kind.kind == "date":
            shown = "yyyy-mm-dd"
        elif kind.kind in ("text", "choice"):
            shown = "@"
        edge = {"border": border, "border_color": "#BFBFBF"} if border else {}
        return {**edge, "bg_color": FILL_IN, "locked": False, "num_format": shown}

    def input(self, out: Worksheet, area: tuple[int, int, int, int], kind: Type, low: Exact | None, high: Exact | None) -> None:
        """Cells to fill in, blank, that take only what is asked for."""
        for row in range(area[0], area[2] + 1):
            for column in range(area[1], area[3] + 1):
                self.book.text(out, row, column, "", **self.look_in(kind))
        self.validate(out, area, kind, low, high)

    def validate(self, out: Worksheet, area: tuple[int, int, int, int], kind: Type, low: Exact | None, high: Exact | None) -> None:
        asked = _Asked(kind, low, high)
        match kind.kind:
            case "yes_no":
                self.book.drop_down(out, area, [self.say("yes"), self.say("no")], strict=True)
            case "choice":
                self.book.drop_down(out, area, list(kind.options), strict=True)
            case "number":
                told = asked.told(self.language)
                out.data_validation(*area, {
                    "validate": "integer" if kind.whole else "decimal", **asked.criteria(),
                    "error_title": "超出范围" if self.zh else "out of range", "error_message": told[:255], "input_message": told[:255],
                })  # fmt: skip
            case "date":
                message = "请写日期，如 2022-12-31。" if self.zh else "Write a date such as 2022-12-31."
                out.data_validation(*area, {
                    "validate": "date", "criteria": ">=", "value": date(1900, 3, 1), "error_title": "日期" if self.zh else "a date", "error_message": message,
                })  # fmt: skip


class _Asked:
    """The range of a number as a spreadsheet checks it."""

    def __init__(self, kind: Type, low: Exact | None, high: Exact | None) -> None:
        self.kind, self.low, self.high = kind, low, high

    def criteria(self) -> dict[str, Any]:
        def limit(value: Exact) -> str:
            return f"={fraction_formula(value if isinstance(value, int) else Fraction(value))}"

        if self.low is not None and self.high is not None:
            return {"criteria": "between", "minimum": limit(self.low), "maximum": limit(self.high)}
        if self.low is not None:
            return {"criteria": ">=", "value": limit(self.low)}
        if self.high is not None:
            return {"criteria": "<=", "value": limit(self.high)}
        return {"criteria": ">=", "value": -1_000_000_000_000_000}

    def told(self, language: Language) -> str:
        zh = language == "zh"
        column = Column("", self.kind, self.low, self.high)
        limits = asked_of(column, language)
        number = type_word(self.kind, language)
        unit = self.kind.unit.name
        counted = (f"单位：{unit}" if zh else f"in {unit}") if unit else ""
        example = ("如 88.6%" if zh else "such as 88.6%") if self.kind.share == "percent" else ""
        parts = [number, limits, counted, example]
        return ("，" if zh else ", ").join(p for p in parts if p)

