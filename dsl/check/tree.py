"""The tree of indicators: codes, levels, points and weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..characters import plain_digits
from ..codes import parent_code, plain_code
from ..diagnostics import Label
from ..forms.lowering import read_percent, read_points
from ..numbers import Exact, distance, divide, exact_text
from ..syntax import Block, Node, Word
from .draft import Draft, node_of, word_of

_LEVELS = {"level1": 1, "level2": 2, "level3": 3}


@dataclass(slots=True)
class Branch:
    """One indicator heading in its place in the tree, its points once they are known."""

    block: Block
    code: str
    name: str
    level: int
    parent: Branch | None
    children: list[Branch] = field(default_factory=list)
    points: Exact | None = None
    weight: Exact | None = None
    individual: bool = False
    sound: bool = True

    def fields(self, kind: str) -> list[Block]:
        return [f for f in self.block.fields if f.kind == kind]

    @property
    def conditional(self) -> bool:
        """Whether it applies only under a condition or only for a time."""
        return bool(self.fields("applies_if") or self.fields("effective"))


def read_tree(draft: Draft) -> list[Branch]:
    """The level-1 branches with everything below them, points filled in."""
    branches = _branches(draft)
    roots = [b for b in branches if b.parent is None and b.level == 1]
    for root in roots:
        _own_points(draft, root)
        _share_out(draft, root)
    for branch in branches:
        share = branch.block.line.node.parts[3]
        if isinstance(share, Node) and (read_percent(share.parts[1]) if share.kind == "weight" else read_points(share)) <= 0:
            draft.report("E317", branch.block.line, share, code=branch.code)
    return roots


def every_branch(roots: Iterable[Branch]) -> Iterable[Branch]:
    for root in roots:
        yield root
        yield from every_branch(root.children)


def _branches(draft: Draft) -> list[Branch]:
    branches: list[Branch] = []
    by_code: dict[str, Branch] = {}
    open_at: dict[int, Branch] = {}
    for block in draft.blocks(*_LEVELS):
        branch = _branch(block)
        before = by_code.get(branch.code)
        if before is not None:
            labels = [Label(draft.place(block.line, block.line.node.parts[1])), Label(draft.place(before.block.line), "first")]
            draft.report_at("E201", labels, code=branch.code, line=str(before.block.line.number))
            branch.sound = False
            _mark_broken(draft, branch.code, open_at)
            continue
        by_code[branch.code] = branch
        _attach(draft, branch, by_code, open_at)
        open_at[branch.level] = branch
        for deeper in range(branch.level + 1, 4):
            open_at.pop(deeper, None)
        branches.append(branch)
    return branches


def _branch(block: Block) -> Branch:
    _, code, name, share, individual = block.line.node.parts
    branch = Branch(block, plain_code(word_of(code)), word_of(name).text, _LEVELS[block.kind], None)
    branch.individual = isinstance(individual, Word)
    if isinstance(share, Node):
        if share.kind == "weight":
            branch.weight = read_percent(share.parts[1])
        else:
            branch.points = read_points(share)
    return branch


def _attach(draft: Draft, branch: Branch, by_code: dict[str, Branch], open_at: dict[int, Branch]) -> None:
    """Find the parent by the code, and check it against the level and the order of lines."""
    line, code_word = branch.block.line, branch.block.line.node.parts[1]
    expected = parent_code(branch.code)
    depth = 1 + (expected is not None) + (expected is not None and parent_code(expected) is not None)
    if depth != branch.level:
        draft.report("E202", line, code_word, code=branch.code, level=str(branch.level), depth=str(depth), word=draft.opening(branch.block))
        branch.sound = False
        _mark_broken(draft, expected, open_at)
        return
    if expected is None:
        return
    above = open_at.get(branch.level - 1)
    parent = by_code.get(expected)
    if parent is None:
        if expected in draft.broken or draft.lost_heading:
            return
        grand = parent_code(expected)
        labels = [Label(draft.place(line, code_word))]
        if above is not None:
            labels.append(Label(draft.place(above.block.line, above.block.line.node.parts[1]), "above"))
        if branch.level == 3 and grand is not None and grand in by_code:
            draft.report_at("E203", labels, code=branch.code, missing=expected, grand=grand)
        else:
            draft.report_at("E207", labels, code=branch.code, missing=expected)
        branch.sound = False
        _mark_broken(draft, expected, open_at)
        return
    if above is not parent and not draft.lost_heading:
        shown = above.code if above is not None else ""
        draft.report("E205", line, code_word, code=branch.code, above=shown, parent=expected)
        branch.sound = False
        _mark_broken(draft, expected, open_at)
    branch.parent = parent
    branch.individual = branch.individual or parent.individual
    parent.children.append(branch)


def _mark_broken(draft: Draft, code: str | None, open_at: dict[int, Branch]) -> None:
    """A misplaced heading may belong to its code's parents or to those it stands below: neither is added up."""
    draft.broken |= {branch.code for branch in open_at.values()}
    while code:
        draft.broken.add(code)
        code = parent_code(code)


def _own_points(draft: Draft, branch: Branch) -> None:
    if branch.points is None and branch.sound:
        code = "E305" if branch.weight is None else "E308"
        draft.report(code, branch.block.line, None, code=branch.code)
        branch.sound = False


def _share_out(draft: Draft, parent: Branch) -> None:
    """Give the children their points and check that they add up exactly."""
    if not parent.children:
        if parent.level < 3 and parent.code not in draft.broken and not draft.lost_heading:
            draft.report("E213", parent.block.line, None, code=parent.code)
        return
    joint = _joint_weights(draft, parent)
    weighted = [c for c in parent.children if c.weight is not None]
    pointed = [c for c in parent.children if c.points is not None]
    if weighted and pointed:
        labels = [Label(draft.place(weighted[0].block.line)), Label(draft.place(pointed[0].block.line))]
        draft.report_at("E304", labels, code=parent.code, weighted=weighted[0].code, pointed=pointed[0].code)
        parent.sound = False
    elif weighted:
        _by_weight(draft, parent)
    unknown = [c for c in parent.children if c.points is None and c.weight is None]
    for child in unknown:
        if child.code not in joint and child.code not in draft.broken:
            draft.report("E305", child.block.line, None, code=child.code)
        child.sound = False
    if not weighted and not unknown and parent.sound and parent.points is not None:
        _check_sum(draft, parent)
    for child in parent.children:
        _share_out(draft, child)


def _joint_weights(draft: Draft, parent: Branch) -> set[str]:
    """共同权重: one weight for several indicators, shared out only as written."""
    codes: set[str] = set()
    for block in parent.fields("joint_weight"):
        _, codes_node, percent_node, evenly = block.line.node.parts
        named = [plain_digits(w.text) for w in node_of(codes_node).words()]
        codes |= set(named)
        share = read_percent(percent_node)
        members = [c for c in parent.children if c.code in named]
        if len(members) != len(named):
            missing = next(n for n in named if n not in {m.code for m in members})
            if missing not in draft.broken:
                draft.report("E215", block.line, codes_node, code=missing)
        elif evenly is None:
            each = exact_text(divide(share * 100, len(named)))
            draft.report("E303", block.line, percent_node, codes=tuple(named), count=str(len(named)), weight=exact_text(share * 100), each=each)
        else:
            for member in members:
                member.weight = divide(share, len(members))
    return codes


def _by_weight(draft: Draft, parent: Branch) -> None:
    total = sum(c.weight or 0 for c in parent.children)
    if total != 1 and not _has_conditions(parent):
        if parent.code not in draft.broken and all(c.weight is not None for c in parent.children):
            children = tuple(f"{c.code} {exact_text((c.weight or 0) * 100)}%" for c in parent.children)
            last = parent.children[-1].block.line
            labels = [Label(draft.place(last, last.node.parts[3])), Label(draft.place(parent.block.line), "parent")]
            draft.report_at("E302", labels, code=parent.code, sum=exact_text(total * 100), children=children)
        parent.sound = False
        for child in parent.children:
            child.sound = False
        return
    for child in parent.children:
        if parent.points is not None and child.weight is not None:
            child.points = divide(parent.points * child.weight.numerator, child.weight.denominator)


def _check_sum(draft: Draft, parent: Branch) -> None:
    if parent.code in draft.broken or draft.lost_heading or _has_conditions(parent):
        return
    total = sum(c.points or 0 for c in parent.children)
    if total != parent.points:
        children = tuple(f"{c.code} {exact_text(c.points or 0)}" for c in parent.children)
        assert parent.points is not None
        draft.report(
            "E301", parent.block.line, parent.block.line.node.parts[3], code=parent.code, name=parent.name,
            points=exact_text(parent.points), sum=exact_text(total), children=children,
            difference=exact_text(distance(parent.points, total)), more="yes" if total > parent.points else "no",
        )  # fmt: skip
        parent.sound = False


def _has_conditions(parent: Branch) -> bool:
    """Children that apply only under a condition are added up variant by variant."""
    return any(c.conditional for c in parent.children)
