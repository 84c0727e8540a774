"""Interviews, findings and the third party of a unit file: raw entries -> what the engine takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..dsl.characters import plain_digits
from ..dsl.describe import read_date
from ..dsl.model import Ruleset
from ..engine.intake import Intake, NumberText, show_raw
from ..engine.unit import Finding, Interview, Party, ThirdParty


class InterviewEntry(BaseModel):
    """One interview in a unit file."""

    model_config = ConfigDict(extra="forbid")

    rank: str
    on: str | None = None
    indicators: Any = None
    count: Any = NumberText("1")
    note: str = ""


class FindingEntry(BaseModel):
    """One finding in a unit file."""

    model_config = ConfigDict(extra="forbid")

    text: str
    code: str = ""
    sources: Any = None
    matter: str = ""
    confirmed_by: Any = None
    disputed_by: Any = None
    evidence: Any = None


class ThirdPartyEntry(BaseModel):
    """The third party of a unit file."""

    model_config = ConfigDict(extra="forbid")

    name: str
    statement: str = ""
    on: str | None = None


INTERVIEW_KEYS: Mapping[str, str] = {"职级": "rank", "日期": "on", "指标": "indicators", "人次": "count", "记录": "note"}
FINDING_KEYS: Mapping[str, str] = {
    "内容": "text", "指标": "code", "来源": "sources", "事项": "matter", "确认": "confirmed_by", "不同意": "disputed_by", "佐证": "evidence",
}  # fmt: skip
THIRD_PARTY_KEYS: Mapping[str, str] = {"名称": "name", "利益关系声明": "statement", "日期": "on"}
PARTY_NAMES: Mapping[str, Party] = {
    "评估对象": "unit", "unit": "unit", "evaluated-unit": "unit", "审批机构": "approving_body", "approving_body": "approving_body",
    "approving-body": "approving_body", "服务对象": "recipients", "recipients": "recipients", "service-recipients": "recipients",
}  # fmt: skip
_COUNT = re.compile(r"([1-9][0-9]{0,5})\s*(?:人次|人|次)?\Z")
_BETWEEN = re.compile(r"\s*[、;；,，]\s*")


@dataclass(slots=True)
class FieldWork:
    """Reads the entries, reporting to the intake of the unit."""

    intake: Intake
    ruleset: Ruleset

    def interviews(self, entries: Sequence[InterviewEntry], path: str) -> tuple[Interview, ...]:
        ranks = {r for i in self.ruleset.by_code.values() for rule in i.interviews for r in rule.ranks}
        return tuple(self._interview(e, f"{path}[{i}]", ranks) for i, e in enumerate(entries))

    def _interview(self, entry: InterviewEntry, path: str, ranks: set[str]) -> Interview:
        rank = entry.rank.strip()
        if ranks and rank not in ranks:
            self.intake.unknown("W882", path, rank, ranks, rank=rank, ranks=tuple(sorted(ranks)))
        count = _COUNT.match(plain_digits(str(entry.count)))
        if count is None:
            self.intake.report("E715", path, name=rank, text=show_raw(entry.count))
        codes = self._texts(entry.indicators, path)
        for code in codes:
            self._known(code, path)
        return Interview(rank, self._day(entry.on, rank, path), codes, int(count[1]) if count else 1, entry.note)

    def findings(self, entries: Sequence[FindingEntry], path: str) -> tuple[Finding, ...]:
        return tuple(self._finding(e, f"{path}[{i}]") for i, e in enumerate(entries))

    def _finding(self, entry: FindingEntry, path: str) -> Finding:
        if entry.code:
            self._known(entry.code, path)
        confirmed, disputed = self._parties(entry.confirmed_by, path), self._parties(entry.disputed_by, path)
        both = next((p for p in confirmed if p in disputed), None)
        if both is not None:
            self.intake.report("E886", path, name=entry.text)
        sources, evidence = self._texts(entry.sources, path), self._texts(entry.evidence, path)
        return Finding(entry.text.strip(), entry.code, sources, entry.matter.strip(), confirmed, disputed, evidence)

    def third_party(self, entry: ThirdPartyEntry | None, path: str, *, assessed: bool) -> ThirdParty | None:
        """Who evaluated as a third party; a statement about interests is asked for whenever one did."""
        if assessed and (entry is None or not entry.statement.strip()):
            self.intake.report("W883", path, **({"name": entry.name} if entry is not None else {}))
        if entry is None:
            return None
        return ThirdParty(entry.name, entry.statement.strip(), self._day(entry.on, entry.name, path))

    # ---- small parts ----

    def _known(self, code: str, path: str) -> None:
        if code not in self.ruleset.by_code:
            self.intake.unknown("E884", path, code, self.ruleset.by_code, code=code)

    def _day(self, text: str | None, name: str, path: str) -> date | None:
        day = read_date(text.strip()) if text is not None else None
        if text is not None and day is None:
            self.intake.report("E708", path, name=name, text=text)
        return day

    def _texts(self, raw: Any, path: str) -> tuple[str, ...]:
        """A list of words, or words with marks between them."""
        given = _BETWEEN.split(raw) if isinstance(raw, str) else raw if isinstance(raw, list) else [] if raw is None else [raw]
        if any(not isinstance(g, str) for g in given):
            self.intake.report("E702", path, name=path, wanted="文字", wanted_en="text", found=show_raw(raw))
            return ()
        return tuple(dict.fromkeys(g.strip() for g in given if g.strip()))

    def _parties(self, raw: Any, path: str) -> tuple[Party, ...]:
        found: list[Party] = []
        for name in self._texts(raw, path):
            if name not in PARTY_NAMES:
                self.intake.report("E885", path, text=name)
            elif PARTY_NAMES[name] not in found:
                found.append(PARTY_NAMES[name])
        return tuple(found)
