"""Wordings of what one ruleset does to another that it extends (9xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E901": Wording(
        "找不到要继承的规则集“{name}”[[{version}]][[，是否为“{near}”？]]",
        "写成“继承：名称 版本”，与那个文件里“规则集”“版本”两行一致；[[现有：{there}。]]只在规则集文件夹里找，不会到别处去找。",
        'the ruleset to extend is not there: "{name}"[[ {version}]][[; did you mean "{near}"?]]',
        'write "extends: NAME VERSION" as the file\'s own "ruleset" and "version" lines have them; [[there are: {there}. ]]'
        "only the folder of rulesets is searched.",
    ),
    "E902": Wording(
        "“{name} {version}”不止一个文件：{files}",
        "每个文件的名称和版本合起来只能有一个；改其中一个的“版本”，或移出规则集文件夹。",
        '"{name} {version}" is more than one file: {files}',
        "a name and a version belong to one file; change the version of one, or move it out of the folder of rulesets.",
    ),
    "E903": Wording(
        "继承成了圈：{chain}",
        "继承只能由下向上；删去其中一行“继承”。",
        "the rulesets extend one another in a circle: {chain}",
        "a layer extends what stands above it; remove one of the extends lines.",
    ),
    "E904": Wording(
        "上层没有“{name}”，无从调整[[；是否为“{near}”？]]",
        "核对编码或名称；若是新的，用“新增”。用 ruleeval show 看上层现有的内容。",
        '"{name}" is not in the ruleset above[[; did you mean "{near}"?]]',
        "check the code or the name; what is new is added. ruleeval show prints what stands above.",
    ),
    "E905": Wording(
        "“{name}”上层已有，不能再新增",
        "要改它，用“调整”；是另一个指标，换一个编码或名称。",
        '"{name}" is already in the ruleset above',
        "use change to alter it, or give the new one a code or name of its own.",
        {"first": ("上层的在这里", "there already")},
    ),
    "E906": Wording(
        "同一级的两层对“{name}”说法不一：{layer}与{other}",
        "让两层一致，或者让一层继承另一层，由下面的一层决定。",
        'two layers of the same rank disagree about "{name}": {layer} and {other}',
        "make them say the same, or let one extend the other, so that the lower one decides.",
        {"first": ("另一层在这里", "the other one here")},
    ),
    "E907": Wording(
        "“{name}”已由上层锁定，这里不能改",
        "删去这一项；确需修改的，请上层的发布机构去掉“锁定”。",
        '"{name}" is locked by a layer above',
        "remove this change, or ask the issuer of the layer above to take away the lock.",
        {"locked": ("锁定写在这里", "locked here")},
    ),
    "E908": Wording(
        "这项改动没有写理由",
        "在下面加一行“理由：…”；整个文件同一个理由的，写在开头。",
        "this change gives no reason",
        'add a line "reason: …" below it, or one at the head for the whole file.',
    ),
    "E909": Wording(
        "“{name}”与所继承的规则集不是同一种语言",
        "一条继承链用一种语言；用 ruleeval fmt --lang 转换其中一个。",
        '"{name}" is not in the language of the rulesets it belongs with',
        "a chain of layers keeps to one language; ruleeval fmt --lang converts a file.",
    ),
    "E910": Wording(
        "{code}原来的名称是“{name}”，不是“{former}”",
        "核对编码和“原名称”，可能改错了指标。",
        '{code} was called "{name}", not "{former}"',
        "check the code and the former name: this may be the wrong indicator.",
    ),
    "E911": Wording(
        "{code}没有“{name}”可以删去",
        "它现有：{fields}。",
        '{code} has no "{name}" to leave out',
        "it has: {fields}.",
    ),
    "E912": Wording(
        "“{name}”同一处改了两次（另一次在第{line}行）",
        "合成一次，理由写在一起。",
        '"{name}" is changed twice (also at line {line})',
        "make it one change with one reason.",
        {"first": ("前一次在这里", "the first time here")},
    ),
    "E914": Wording(
        "继承的文件里，新的指标要写明“新增”",
        "写成“新增”加这一行；若是改上层的{code}，用“调整 {code}”。",
        "a layer has to say that an indicator is new",
        'put "add" before this line; to alter {code} of the ruleset above, write "change {code}".',
    ),
    "E915": Wording(
        "继承超过{limit}层",
        "把中间的几层合成一层（ruleeval show --flatten）。",
        "more than {limit} rulesets extend one another",
        "make one of several with ruleeval show --flatten.",
    ),
    "E916": Wording(
        "所继承的规则集没有共同的起点：{names}",
        "同时继承几个时，它们都要来自同一个规则集。",
        "the rulesets that are extended do not begin with the same one: {names}",
        "several rulesets can be extended together only if all of them come from one.",
    ),
    "E918": Wording(
        "“调整 {code}”下面没有写要改什么",
        "在下面写要改的字段，如“改名为：…”“评分：…”“佐证：…”；改分值或权重用“改权重 {code}，…”。",
        'nothing stands below "change {code}"',
        'write what changes below it, such as "rename-to: …", "standard: …", "evidence: …"; points and weights change by "reweigh {code}, …".',
    ),
    "E919": Wording(
        "{code}的标题改后读不通",
        "核对新的名称和分值；名称里有标点时用【】括起来。",
        "the heading of {code} cannot be read after the change",
        "check the new name and points; a name that holds punctuation goes in square brackets.",
    ),
    "E920": Wording(
        "取不到“{text}”（{why}）",
        "git 版本写成“版本号:路径”，路径从当前文件夹算起，在 git 仓库里运行。",
        'cannot get "{text}" ({why})',
        "a git revision is written REVISION:PATH, the path from the current folder, within a git repository.",
    ),
    "W921": Wording(
        "“{units}”的规则集没有个性的一级指标",
        "每个单位一个：用“新增 一级指标 X …，N分，个性”写上，下面再写二级、三级指标。",
        'the ruleset of "{units}" has no individual level-1 indicator',
        'each unit is to have one: add "addition level1 X …, N points, individual" with its level-2 and level-3 indicators.',
    ),
    "W922": Wording(
        "“{units}”的规则集有{count}个个性的一级指标：{codes}",
        "每个单位一个：合成一个一级指标，其余的作它的二级指标。",
        'the ruleset of "{units}" has {count} individual level-1 indicators: {codes}',
        "each unit is to have one: make the others level-2 indicators of it.",
        {"first": ("第一个在这里", "the first is here")},
    ),
}
