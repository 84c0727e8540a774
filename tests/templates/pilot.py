"""A generated pilot: central templates, a province's layers on them, units with indicators of their own.

What the province changes is drawn, and kept in a plain list beside the texts, so that a
test can hold what ``ruleeval`` counts against it.  Nothing here is shipped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random

MARK = "（示例，非官方标准）"
KINDS = ("党委", "政府", "事业")
TYPES = {"党委": "党委部门", "政府": "政府部门", "事业": "事业单位"}
LEVEL2 = [f"{letter}{n}" for letter in "ABCDE" for n in (1, 2)]
FOR_TYPES, FOR_ALL = LEVEL2[:5], LEVEL2[5:]  # where the templates add their own, where the province may move points
RENAMED = {
    "A1.1": ("部门（单位）管理权限内的二级内设机构设置合理性", "内设机构职责分工清晰度"),
    "A1.2": ("二级内设机构小散弱情况", "内设机构之间建立内部协作机制情况"),
}


@dataclass(frozen=True)
class Size:
    """How much of everything: in the common layer, and in each of the three templates."""

    added: tuple[int, int] = (6, 2)
    removed: tuple[int, int] = (1, 1)
    others: tuple[int, int] = (29, 6)
    points: int = 265
    units: tuple[tuple[str, int], ...] = (("党委部门", 7), ("政府部门", 8), ("群团机关", 3), ("事业单位", 11), ("乡镇（街道）", 2))
    level2: int = 100
    level3: int = 240


@dataclass
class Pilot:
    """What was drawn; indicators by the layer and the code that they came in by."""

    adjusted: set[tuple[str, str]] = field(default_factory=set)
    added: set[tuple[str, str]] = field(default_factory=set)
    removed: set[tuple[str, str]] = field(default_factory=set)
    new_points: int = 0
    with_points: set[tuple[str, str]] = field(default_factory=set)
    level3: set[tuple[str, str]] = field(default_factory=set)


def write_pilot(folder: Path, seed: int, size: Size) -> Pilot:
    """Write ``folder/rulesets/central`` and ``folder/rulesets/province``; what the province changes."""
    rng, pilot = Random(seed), Pilot()
    central, province = folder / "rulesets" / "central", folder / "rulesets" / "province"
    central.mkdir(parents=True)
    province.mkdir()
    shared, own = _central(central, pilot)
    carriers: list[tuple[Path, str, list[str]]] = []
    _layer(province / "common.rules", "省共性", ["蓝本共性"], "党委部门、政府部门、群团机关、事业单位", shared, 0, FOR_ALL, rng, pilot, size, carriers)
    for kind in KINDS:
        types = TYPES[kind] + ("、群团机关" if kind == "党委" else "")
        _layer(province / f"{kind}.rules", f"省{kind}", ["省共性", f"蓝本{kind}"], types, own[kind], 1, FOR_TYPES, rng, pilot, size, carriers)
    head = f"规则集：省乡镇{MARK}\n版本：2022.1\n继承：省共性{MARK} 2022.1\n理由：例\n适用：乡镇（街道）\n"
    (province / "乡镇.rules").write_text(head, "utf-8")
    _spread_points(rng, size.points, carriers, pilot)
    _units(province, rng, size)
    return pilot


@dataclass
class Leaf:
    """A level-3 indicator of the base: who brought it, its code, its points, its evaluation points."""

    origin: str
    code: str
    points: Fraction
    notes: tuple[str, ...] = ()


def _central(folder: Path, pilot: Pilot) -> tuple[list[Leaf], dict[str, list[Leaf]]]:
    head = (
        f"规则集：蓝本共性{MARK}\n版本：2022.0\n适用：党委部门、政府部门、事业单位\n满分：120分，共性100分，个性20分\n取分：实地评估\n"
        "修约：三级指标，2位，四舍五入\n缺佐证：提示\n说明：不查 W316：例\n\n数据\n  完成率：百分数，0%至100%，来源 台账\n\n"
    )
    lines, shared = [head], []
    for number, letter in enumerate("ABCDE"):
        lines.append(f"一级指标 {letter} 第{number}类，20分\n")
        for second in (1, 2):
            lines.append(f"二级指标 {letter}{second} 第{number}类第{second}方面，10分\n")
            for third in range(1, 6):
                code = f"{letter}{second}.{third}"
                notes = (f"{code} 原有要点甲", f"{code} 原有要点乙") if third == 3 else ()
                shared.append(Leaf("蓝本共性", code, Fraction(2), notes))
                lines.append(_leaf_text(code, RENAMED.get(code, (f"共性{code}情况", ""))[0], Fraction(2), notes))
    (folder / "common.rules").write_text("".join(lines), "utf-8")
    own: dict[str, list[Leaf]] = {}
    for kind in KINDS:
        text = f"规则集：蓝本{kind}{MARK}\n版本：2022.0\n继承：蓝本共性{MARK} 2022.0\n适用：{TYPES[kind]}\n理由：例\n"
        own[kind] = []
        for second in FOR_TYPES:
            text += f"\n改权重 {second}.5，1分\n"
            for third in (6, 7):
                own[kind].append(Leaf(f"蓝本{kind}", f"{second}.{third}", Fraction(1, 2)))
                text += f"\n新增 {_leaf_text(f'{second}.{third}', f'{kind}{second}.{third}情况', Fraction(1, 2))}"
        (folder / f"{kind}.rules").write_text(text, "utf-8")
    everything = shared + [leaf for leaves in own.values() for leaf in leaves]
    pilot.level3 = {(leaf.origin, leaf.code) for leaf in everything}
    pilot.with_points = {(leaf.origin, leaf.code) for leaf in everything if leaf.notes}
    return shared, own


def _layer(
    path: Path, name: str, extends: list[str], types: str, leaves: list[Leaf], which: int, places: list[str], rng: Random, pilot: Pilot,
    size: Size, carriers: list[tuple[Path, str, list[str]]],
) -> None:  # fmt: skip
    """One layer of the province: points moved for additions and removals, and other changes."""
    versions = {"蓝": "2022.0", "省": "2022.1"}
    text = f"规则集：{name}{MARK}\n版本：2022.1\n继承：{'、'.join(f'{e}{MARK} {versions[e[0]]}' for e in extends)}\n适用：{types}\n理由：结合本省实际\n"
    if which == 0:
        text += "\n数据\n  新完成率：百分数，0%至100%，来源 台账\n"
    free = [leaf for leaf in leaves if leaf.code.split(".")[0] in places and not leaf.code.endswith((".4", ".5"))]
    rng.shuffle(free)
    used: set[str] = set()
    for number in range(size.added[which]):
        giver = free.pop()
        half = giver.points / 2
        code = f"{giver.code.split('.')[0]}.{10 * (which + 1) + number}"
        text += f"\n改权重 {giver.code}，{_exact(half)}分\n\n新增 {_leaf_text(code, f'{name}新增{number}情况', half)}"
        used.add(giver.code)
        pilot.adjusted.add((giver.origin, giver.code))
        pilot.added.add((name, code))
        pilot.level3.add((name, code))
        carriers.append((path, code, []))
    for _ in range(size.removed[which]):
        gone = next(leaf for leaf in free if any(_sibling(leaf, o) and not o.notes for o in free))
        heir = next(o for o in free if _sibling(gone, o) and not o.notes)
        free = [leaf for leaf in free if leaf not in (gone, heir)]
        text += f"\n减少 {gone.code}\n\n改权重 {heir.code}，{_exact(gone.points + heir.points)}分\n"
        used |= {gone.code, heir.code}
        pilot.removed.add((gone.origin, gone.code))
        pilot.adjusted.add((heir.origin, heir.code))
        pilot.level3.discard((gone.origin, gone.code))
        pilot.with_points.discard((gone.origin, gone.code))
    rest = [leaf for leaf in leaves if leaf.code not in used]
    rng.shuffle(rest)
    rest.sort(key=lambda leaf: leaf.code not in RENAMED)
    for leaf in rest[: size.others[which]]:
        text += f"\n调整 {leaf.code}\n" + _change(leaf, which, rng)
        pilot.adjusted.add((leaf.origin, leaf.code))
        carriers.append((path, leaf.code, list(leaf.notes)))
    path.write_text(text, "utf-8")


def _change(leaf: Leaf, which: int, rng: Random) -> str:
    if which == 0 and leaf.code in RENAMED:
        old, new = RENAMED[leaf.code]
        return f"  改名为：{new}\n  原名称：{old}\n  理由：全省各部门（单位）一般不设置二级内设机构\n"
    kinds = (
        f"  改名为：改过名的{leaf.origin}{leaf.code}\n",
        "  评分：达标扣分\n  达标：90%（含）以上\n    每低1个百分点：扣0.1分，不足部分按比例\n",
        "  佐证：新的台账\n",
        "  取值：新完成率\n",
        f"  改名为：又改过名的{leaf.origin}{leaf.code}\n  取值：新完成率\n  佐证：新的台账\n",
    )
    return rng.choice(kinds)


def _sibling(one: Leaf, other: Leaf) -> bool:
    return one is not other and one.code.split(".")[0] == other.code.split(".")[0]


def _leaf_text(code: str, name: str, points: Fraction, notes: tuple[str, ...] = ()) -> str:
    text = f"三级指标 {code} {name}，{_exact(points)}分\n  取值：完成率\n  评分：按比例\n  佐证：台账\n"
    return text + ("  要点\n" + "".join(f"    - {n}\n" for n in notes) if notes else "")


def _exact(points: Fraction) -> str:
    return f"{float(points):g}"


def _spread_points(rng: Random, total: int, carriers: list[tuple[Path, str, list[str]]], pilot: Pilot) -> None:
    """Give the indicators that the province changes or adds their new evaluation points."""
    chosen = rng.sample(carriers, min(len(carriers), max(1, total // 4)))
    shares = _parts(rng, total, len(chosen))
    for (path, code, before), share in zip(chosen, shares, strict=True):
        notes = [*before, *(f"{path.stem} {code} 新要点{n}" for n in range(share))]
        text = path.read_text("utf-8")
        at = next(i for i in (text.find(f"调整 {code}\n"), text.find(f"新增 三级指标 {code} ")) if i >= 0)
        end = text.find("\n\n", at)
        end = len(text.rstrip("\n")) if end < 0 else end
        block = "\n  要点\n" + "\n".join(f"    - {n}" for n in notes)
        path.write_text(text[:end] + block + text[end:], "utf-8")
        origins = {o for o in pilot.adjusted | pilot.added if o[1] == code and o[0][-2:] in (path.stem, "共性" if path.stem == "common" else path.stem)}
        pilot.with_points |= origins
        pilot.new_points += share


def _parts(rng: Random, total: int, count: int) -> list[int]:
    """A total cut into so many parts, none empty."""
    cuts = sorted(rng.sample(range(1, total), count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]


def _units(province: Path, rng: Random, size: Size) -> None:
    types = [t for t, count in size.units for _ in range(count)]
    seconds = _parts(rng, size.level2, len(types))
    thirds = _parts(rng, size.level3, size.level2)
    for number, (unit_type, second) in enumerate(zip(types, seconds, strict=True), 1):
        own = [thirds.pop() for _ in range(second)]
        template = {"群团机关": "党委", "乡镇（街道）": "乡镇"}.get(unit_type, unit_type[:2])
        (province / f"unit{number:02}.rules").write_text(unit_text(f"第{number}单位", unit_type, f"省{template}", own), "utf-8")


def unit_text(unit: str, unit_type: str, template: str, thirds: list[int], letters: str = "X") -> str:
    """A unit layer with so many level-3 indicators in each level-2 indicator of each level-1 indicator."""
    text = f"规则集：{unit}个性指标{MARK}\n版本：2022.1\n继承：{template}{MARK} 2022.1\n适用：{unit_type}\n适用单位：{unit}\n理由：主责主业\n说明：例\n"
    left = Fraction(20)
    for letter in letters:
        whole = left if letter == letters[-1] else Fraction(10)
        left -= whole
        text += f"\n新增 一级指标 {letter} {unit}主要任务{letter}，{_exact(whole)}分，个性\n"
        for second, points in enumerate(_points(whole, len(thirds), Fraction(1, 10)), 1):
            text += f"\n新增 二级指标 {letter}{second} {unit}任务{second}，{_exact(points)}分\n"
            for third, part in enumerate(_points(points, thirds[second - 1], Fraction(1, 1000)), 1):
                text += f"\n新增 {_leaf_text(f'{letter}{second}.{third}', f'{unit}任务{second}之{third}', part)}"
    return text


def _points(whole: Fraction, count: int, least: Fraction) -> list[Fraction]:
    return [least] * (count - 1) + [whole - least * (count - 1)]
