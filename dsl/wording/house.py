"""The wording of what an office's own house rules find."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "W801": Wording(
        "{text}",
        "这是本单位规范“{rule}”的要求；照规范修改。",
        "{text}",
        'the house rule "{rule}" asks for it; change the ruleset as it says.',
    ),
    "W802": Wording(
        "本单位规范“{rule}”没有运行完：{error}",
        "规则集照常检查；请规范的作者修正。",
        'the house rule "{rule}" broke off: {error}',
        "the ruleset was checked all the same; have the author of the rule correct it.",
    ),
}
