"""The wording of what can go wrong with the results ledger."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E750": Wording(
        "打不开台账“{path}”（{reason}）",
        "核对路径或地址；第一次用 ruleeval ledger record 记录时会新建。",
        'the ledger "{path}" cannot be opened ({reason_en})',
        "check the path or URL; the first ruleeval ledger record makes a new one.",
    ),
    "E751": Wording(
        "“{path}”不是台账，或已损坏",
        "核对路径；损坏的，用备份恢复：ruleeval ledger restore。",
        '"{path}" is not a ledger, or it is damaged',
        "check the path; restore a damaged one from a backup with ruleeval ledger restore.",
    ),
    "E752": Wording(
        "台账“{path}”由更新版本的程序建立（表结构{found}，本程序只认到{known}），未作改动",
        "升级本程序再用。",
        'the ledger "{path}" was made by a newer version (schema {found}; this program knows {known}); nothing was changed',
        "upgrade this program.",
    ),
    "E753": Wording(
        "台账“{path}”只读，没有记入",
        "取得写入权限，或换一个位置。",
        'the ledger "{path}" is read-only; nothing was recorded',
        "get permission to write, or use another place.",
    ),
    "E754": Wording(
        "台账“{path}”写不进去：磁盘已满或出错，这一条没有记入，以前的都在",
        "腾出空间或换盘，再记一次。",
        'the ledger "{path}" cannot be written: the disk is full or failing; this entry was not recorded, all earlier ones are there',
        "make room, then record again.",
    ),
    "E755": Wording(
        "台账“{path}”一直有人在写，等不到，没有记入",
        "稍后再试。",
        'somebody else has been writing to the ledger "{path}" for too long; nothing was recorded',
        "try again later.",
    ),
    "E756": Wording(
        "台账里没有第{number}条",
        "用 ruleeval ledger list 查看各条。",
        "the ledger has no entry {number}",
        "see what there is with ruleeval ledger list.",
    ),
    "E757": Wording(
        "规则已变化，不能复现：“{name}”与第{number}条记录时不同",
        "不写 --rules，按台账里留存的规则复现；要按新规则评，另行评估、另记一条。",
        'the rules have changed, so entry {number} cannot be reproduced with them: "{name}" is not what it was',
        "leave out --rules to replay with the rules that were kept; to use the new ones, evaluate and record anew.",
    ),
    "E758": Wording(
        "缺少连接 PostgreSQL 所需的组件",
        "安装附加组件：pip install \"ruleeval[ledger]\"，然后再运行；SQLite 台账不需要。",
        "the parts that PostgreSQL needs are not installed",
        'install the extra: pip install "ruleeval[ledger]", then run again; a SQLite ledger needs none.',
    ),
    "E759": Wording(
        "个人信息“{columns}”以代号代替后结果会变，没有记入",
        "规则用到了这些内容本身；确需留存原文的，加 --personal keep。",
        'the result would change if the personal data "{columns}" were replaced by pseudonyms; nothing was recorded',
        "the rules use the values themselves; if they really must be kept, add --personal keep.",
    ),
    "E760": Wording(
        "台账与记录时不符：{count}处，第一处在{first}",
        "用 ruleeval ledger verify 查看各处，以备份恢复。",
        "the ledger is not what was recorded: {count} places, the first at {first}",
        "see them with ruleeval ledger verify, and restore a backup.",
    ),
    "E761": Wording(
        "第{number}条复现的结果与记录不同：{count}处",
        "看所列各处；当时的程序版本{then}，现在{now}。",
        "replaying entry {number} gives another result: {count} differences",
        "see the places listed; recorded with version {then} of the program, replayed with {now}.",
    ),
    "E762": Wording(
        "“{path}”已有内容，没有写入",
        "换一个还没有的文件夹或文件。",
        '"{path}" is there already; nothing was written',
        "name a folder or file that does not exist yet.",
    ),
    "E763": Wording(
        "“{path}”不是完整的台账备份（{reason}），没有恢复任何内容",
        "换一份备份；备份时写出的文件一个也不能少、不能改。",
        '"{path}" is not a whole backup of a ledger ({reason_en}); nothing was restored',
        "use another backup; none of its files may be missing or changed.",
    ),
    "E764": Wording(
        "台账“{path}”的数据库报告：{text}",
        "这一次没有记入；按数据库的提示处理后再试。",
        'the database of the ledger "{path}" says: {text}',
        "nothing was recorded this time; see to it, then try again.",
    ),
    "E765": Wording(
        "台账“{path}”里已有记录，不能恢复到它上面",
        "恢复到一个新的台账，核对后再替换。",
        'the ledger "{path}" holds entries already and is not restored over',
        "restore into a new ledger, compare, then put it in place.",
    ),
    "E766": Wording(
        "第{number}条是“{kind}”，不是评估结果",
        "用 ruleeval ledger list --kind evaluation 查看评估结果各条。",
        'entry {number} is of kind "{kind}", not an evaluation',
        "see the evaluations with ruleeval ledger list --kind evaluation.",
    ),
    "E767": Wording(
        "登录名“{name}”不能用",
        "用 --by 写明登录名：1至100个字，没有控制字符。",
        'the sign-in name "{name}" cannot be used',
        "give one with --by: 1 to 100 characters, none of them control characters.",
    ),
}
