"""Explanation -> a document: top-down sentences, short or full, for all or one indicator."""

from __future__ import annotations

from fractions import Fraction

from ..dsl.numbers import exact_text
from ..engine.explain import ExplainedIndicator, ExplainedStep, Explanation, Source
from .document import Block, Document, Heading, Item, Items, Paragraph, Section, SideBySide, Tone
from .figures import points_text
from .phrases import Phrases
from .score_sheet import conclusion, day_line, not_meant, veto_lines


def explanation_document(explanation: Explanation, code: str | None = None, *, full: bool = True) -> Document:
    """The explanation of everything, or of one indicator with all below it."""
    return _Writer(explanation, full).document(code)


class Sentences:
    """What an explained indicator says of itself, sentence by sentence; ``full`` tells also what went well."""

    def __init__(self, explanation: Explanation, *, full: bool = True) -> None:
        self.explanation, self.full, self.say = explanation, full, Phrases(explanation.language)

    @property
    def colon(self) -> str:
        return "：" if self.say.language == "zh" else ": "

    def verdict(self, indicator: ExplainedIndicator) -> tuple[str, Tone]:
        say = self.say
        match indicator.state:
            case "out":
                return say("out", reason=say.reason(indicator.reason)), "dim"
            case "excluded":
                return not_meant(self.explanation.result, indicator.code, say), "dim"
            case "error":
                return say("error"), "bad"
        if indicator.score is not None:
            score = Fraction(indicator.score)
            got = say("got", score=_exactly(score), points=_exactly(Fraction(indicator.points)))
            return got, ("good" if Fraction(indicator.lost or "0") == 0 else "plain")
        assert indicator.bounds is not None
        low, high, _ = indicator.bounds
        text = say("got_open", low=points_text(Fraction(low)), high=points_text(Fraction(high)))
        if indicator.waiting:
            text += ("；" if say.language == "zh" else "; ") + say("waiting", names=say.comma.join(indicator.waiting))
        return text, "warn"

    def source(self, source: Source) -> str:
        say = self.say
        value = source.value
        if source.state != "known":
            value = say(f"state_{source.state}", **({"value": source.value} if source.state == "not_applicable" else {}))
        line = say("source", name=source.name, value=value)
        return line + (say("origin", origin=source.origin) if source.origin else "")

    def steps(self, indicator: ExplainedIndicator) -> list[Item]:
        say = self.say
        lines = [Item(self.step(s)) for s in indicator.derived]
        if indicator.guard is not None:
            kind, text = indicator.guard
            lines.append(Item(say(f"guard_{kind}", text=text)))
        for step in indicator.steps:
            if step.told:
                lines.append(Item(self.step(step)))
        return lines

    def step(self, step: ExplainedStep) -> str:
        say = self.say
        result = step.result
        if step.about:
            result += f"（{step.about}）" if say.language == "zh" else f" ({step.about})"
        if step.band:
            if step.numbers.strip("()") == step.result:
                return say("step_case", label=step.label, case=step.band, result=result)
            return say("step_case_worked", label=step.label, case=step.band, numbers=step.numbers, result=result)
        if step.numbers.strip("()") == step.result or step.formula == step.numbers:
            return say("step_short", label=step.label, formula=step.formula, result=result)
        if len(step.formula) > 120:
            return say("step_short", label=step.label, formula=step.numbers, result=result)
        return say("step", label=step.label, formula=step.formula, numbers=step.numbers, result=result)

    def matters(self, indicator: ExplainedIndicator) -> list[Item]:
        return [Item(self.say("matter_once", matter=m, sources=self.say.comma.join(s))) for m, s in indicator.matters]

    def evidence(self, indicator: ExplainedIndicator) -> list[Item]:
        say = self.say
        items = []
        for kinds, status, every, effect, share in indicator.evidence:
            problems = tuple(
                Item(say("evidence_problem", item=item, problem=say(f"problem_{problem}"))) for item, problem in status.problems
            )
            if status.met:
                if self.full:
                    items.append(Item(say("evidence_met", kinds=kinds), problems, "dim"))
                continue
            missing = say.comma.join(status.missing or every)
            line = say("evidence_short", kinds=missing, effect=say(f"effect_of_{effect}", **({"share": share} if effect == "ceiling" else {})))
            if not status.known:
                line += f"（{say('evidence_unknown')}）" if say.language == "zh" else f" ({say('evidence_unknown')})"
            items.append(Item(line, problems, "warn"))
        return items

    def full_marks(self, indicator: ExplainedIndicator) -> list[Item]:
        say = self.say
        if indicator.score is None or not indicator.full_marks or Fraction(indicator.lost or "0") == 0:
            return []
        return [Item(say("full_would", how=say(f"full_{indicator.full_marks}", **dict(indicator.full_facts))))]

    def data_lines(self, indicator: ExplainedIndicator) -> list[str]:
        return [self.source(s) for s in indicator.sources]

    def reasons(self, indicator: ExplainedIndicator) -> list[str]:
        """How the score came about, and what is wanting of the evidence."""
        items = [*self.steps(indicator), *(i for i in self.evidence(indicator) if i.tone == "warn")]
        return [i.text for i in items] or [self.verdict(indicator)[0]]

    def reasons_in_short(self, indicator: ExplainedIndicator) -> list[str]:
        """The first and the last of the steps: what was found, and what came of it."""
        found = self.reasons(indicator)
        return found if len(found) < 3 else [found[0], found[-1]]


class _Writer(Sentences):
    """Writes one explanation."""

    def __init__(self, explanation: Explanation, full: bool) -> None:
        super().__init__(explanation, full=full)
        self.roots = {r.code for r in explanation.result.ruleset.roots}
        self.by_code = {i.code: i for i in explanation.indicators} | {i.code: i for _, _, _, i in explanation.adjustments}

    def document(self, code: str | None) -> Document:
        result, say = self.explanation.result, self.say
        blocks: list[Block] = [
            Heading(say("why", unit=result.unit.name)),
            Paragraph(say("ruleset", name=result.ruleset.name, version=result.ruleset.version), "dim"),
        ]
        if result.unit.own_as_of is not None:
            blocks.append(Paragraph(day_line(result, say), "dim"))
        if code is None:
            blocks += self.total()
            blocks += [self.section(i) for i in self.explanation.indicators if i.code in self.roots]
            blocks += [self.section(i, f"{say(kind)} {amount}") for kind, amount, _, i in self.explanation.adjustments]
        else:
            blocks.append(self.section(self.by_code[code]))
        return Document(tuple(blocks))

    def total(self) -> list[Block]:
        result, say = self.explanation.result, self.say
        blocks = conclusion(result, say)
        items: list[Item] = []
        if result.score is not None:
            for name, value in result.total_steps:
                kind, _, code = name.partition(" ")
                items.append(Item(say(f"total_{kind}", value=_exactly(value), code=code)))
        if self.full:
            items += [Item(line) for line in veto_lines(result, say, told_all=True) if line not in self._told(blocks)]
        if items:
            blocks.append(Items(tuple(items)))
        return blocks

    def _told(self, blocks: list[Block]) -> set[str]:
        return {i.text for b in blocks if isinstance(b, Items) for i in b.items}

    # ---- one indicator ----

    def section(self, indicator: ExplainedIndicator, prefix: str = "") -> Section:
        """One indicator with all below it."""
        say = self.say
        title = f"{indicator.code} {indicator.name}"
        if prefix:
            title = f"{title}（{prefix}）" if say.language == "zh" else f"{title} ({prefix})"
        verdict, tone = self.verdict(indicator)
        inside = self.parent_blocks(indicator) if indicator.children else self.leaf_blocks(indicator)
        below = tuple(self.section(self.by_code[c]) for c in indicator.children)
        return Section(title, (*inside, *below), Paragraph(verdict, tone), min(4, indicator.level + 1), indicator.code)

    def parent_blocks(self, indicator: ExplainedIndicator) -> tuple[Block, ...]:
        say = self.say
        items: list[Item] = []
        children = [self.by_code[c] for c in indicator.children]
        scores = [c.score for c in children if c.state not in ("out", "excluded")]
        if indicator.combine == "sum" and scores and all(s is not None for s in scores):
            shown = " + ".join(_exactly(Fraction(s or "0")) for s in scores)
            total = sum((Fraction(s or "0") for s in scores), Fraction(0))
            items.append(Item(say("children", sum=f"{shown} = {_exactly(total)}" if len(scores) > 1 else shown)))
        elif indicator.combine != "sum":
            items.append(Item(say(indicator.combine)))
        found = indicator.redistribution
        if found is not None:
            kinds = say.comma.join(say(f"kind_{k}") for k in found.kind.split("/"))
            line = say("redistribution", codes=say.comma.join(found.removed), kind=kinds)
            if "rescale" in found.kind and found.before is not None and found.available != found.target and found.available:
                after = Fraction(found.before) * found.target / found.available
                line += say(
                    "rescaled", before=exact_text(found.before), available=exact_text(found.available),
                    target=exact_text(found.target), after=_exactly(after),
                )  # fmt: skip
            items.append(Item(line))
        items += [Item(say("deducted", code=c, points=p)) for c, p in indicator.deducted]
        if self.full and indicator.notes:
            items += [Item(f"{say('notes')}{self.colon}{n}", tone="dim") for n in indicator.notes]
        return _listed(items)

    def leaf_blocks(self, indicator: ExplainedIndicator) -> tuple[Block, ...]:
        """The data with the rule beside them, how the score comes of both, evidence, what is wanting."""
        say = self.say
        steps = self.steps(indicator)
        if not self.full:
            return _listed([*steps[-1:], *self.matters(indicator), *self.evidence(indicator), *self.full_marks(indicator)])
        sources = tuple(Item(self.source(s)) for s in indicator.sources)
        data = _listed([Item(say("sources") + self.colon.strip(), sources)] if sources else [])
        rule = _listed([Item(say("rule") + self.colon.strip(), tuple(Item(w, tone="dim") for w in indicator.wording))])
        calculation = [Item(say("steps") + self.colon.strip(), tuple(steps))] if steps else []
        notes = [Item(f"{say('notes')}{self.colon}{n}", tone="dim") for n in indicator.notes]
        rest = _listed([*calculation, *self.matters(indicator), *self.evidence(indicator), *self.full_marks(indicator), *notes])
        return (SideBySide(data, rule), *rest) if data else (*rule, *rest)


def _listed(items: list[Item]) -> tuple[Block, ...]:
    return (Items(tuple(items)),) if items else ()


def _exactly(value: Fraction | int) -> str:
    """A score in full; where no decimal ends, the fraction with a short decimal beside it."""
    text = exact_text(value)
    return f"{text}（{points_text(value)}）" if "/" in text else points_text(value)
