"""Wordings of intervals: gaps, overlaps, grades (4xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E401": Wording(
        "“{where}”没有覆盖",
        "[[低的一侧是“{below}”，]][[高的一侧是“{above}”；]]补一行“{add}…”，或在相邻一行的端点加（含）。",
        '"{where}" is not covered',
        '[[below it stands "{below}"; ]][[above it stands "{above}"; ]]add a row "{add}…", or mark the end beside it (incl).',
    ),
    "E402": Wording(
        "“{where}”同时落在两行：“{first}”和“{second}”",
        "改一行的端点，或去掉一处（含）；一个值只能落在一行。",
        '"{where}" falls into two rows: "{first}" and "{second}"',
        "move one end, or take away one (incl): a value belongs to one row only.",
    ),
    "E405": Wording(
        "这个范围里一个值也没有",
        "起点要小于终点；两端相同时写“等于”。",
        "this range holds no value at all",
        'the start comes before the end; for a single value write "exactly".',
    ),
    "E406": Wording(
        "等次“{worse}”写在“{better}”之后，分数却更高",
        "等次从高到低写；门槛和降等都按这个次序。",
        'grade "{worse}" comes after "{better}", but asks for more',
        "write grades from best to worst: gates and lowering follow that order.",
    ),
    "E407": Wording(
        "“{name}”是最低的等次，不能设门槛",
        "不够门槛的单位要落到下一等；给更高的等次设门槛。",
        '"{name}" is the lowest grade and cannot have a gate',
        "whoever misses a gate falls to the next grade; set the gate on a higher one.",
    ),
    "E408": Wording(
        "“{first}”与“{other}”的等次不同，无法取低",
        "用同一套等次名称，从高到低次序相同；“{first}”是{grades}，“{other}”是{others}。",
        '"{first}" and "{other}" have different grades, so none is the lowest',
        'give them the same grades in the same order: "{first}" has {grades}, "{other}" has {others}.',
        {"other": ("“{other}”的等次在这里", 'the grades of "{other}" are here')},
    ),
    "W403": Wording(
        "这一档不可能落入：值只会是“{domain}”",
        "删去这一档，或改数据的范围。",
        'no value falls into this band: it can only be "{domain}"',
        "remove the band, or change the declared range.",
    ),
}
