"""Wording of papers: what a format needs, templates of an office, printing by an office suite."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E981": Wording(
        "写“{path}”需要“{library}”，这里没有安装",
        '装上再试：pip install "ruleeval[papers]"；或换一种不需要它的格式：.txt、.md、.json。',
        'writing "{path}" needs "{library}", which is not installed',
        'install it: pip install "ruleeval[papers]"; or choose a format that does without: .txt, .md, .json.',
    ),
    "E982": Wording(
        "写“{path}”要用 LibreOffice 转成 PDF，这里没有找到它",
        "装上 LibreOffice（命令 soffice），或者输出 .docx 后用 Word、WPS 另存为 PDF。",
        'writing "{path}" needs LibreOffice to make the PDF, and it is not to be found',
        "install LibreOffice (the command soffice), or write a .docx and save it as PDF from Word or WPS.",
    ),
    "E983": Wording(
        "LibreOffice 没有转出“{path}”[[：{reason}]]",
        "先输出 .docx，打开看是否正常，再另存为 PDF；或关掉别的 LibreOffice 窗口后重试。",
        'LibreOffice did not make "{path}"[[: {reason}]]',
        "write a .docx and see whether it opens, then save it as PDF; or close other windows of LibreOffice and try again.",
    ),
    "E984": Wording(
        "模板“{path}”不能用：{reason}",
        "从自带的模板改起：ruleeval report --write-template 模板.docx；占位如 {{ 标题 }}、{{p 正文 }} 要整个在一起。",
        'the template "{path}" cannot be used: {reason_en}',
        "begin with the one that comes with it: ruleeval report --write-template template.docx; keep placeholders such as {{ title }} and "
        "{{p body }} in one piece.",
    ),
    "E985": Wording(
        "“{path}”一张表放不下{count}行，工作表最多{limit}行",
        "少选一些单位，分几次输出。",
        '"{path}" cannot hold {count} rows in one sheet; a sheet ends at {limit}',
        "choose fewer units and write several files.",
    ),
}
