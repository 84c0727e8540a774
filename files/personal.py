"""Which columns hold personal data: those a ruleset marks, and those commonly called so."""

from __future__ import annotations

from ..dsl.model import Ruleset

#: Names that a column of personal data commonly has; a ruleset marks others.
COMMON_COLUMNS = frozenset({
    "姓名", "身份证号", "身份证号码", "公民身份号码", "证件号码", "联系电话", "电话", "手机号", "手机号码", "住址", "家庭住址",
    "name", "full_name", "id_number", "identity_number", "phone", "telephone", "address",
})  # fmt: skip


def kept_apart(ruleset: Ruleset) -> frozenset[str]:
    """The columns of texts that a ruleset marks as personal: what a pseudonym can stand for."""
    return frozenset(c.name for d in ruleset.data for c in d.columns if c.personal and c.type.kind == "text")


def personal_columns(ruleset: Ruleset | None) -> frozenset[str]:
    """The names of columns whose values are shown to nobody unasked."""
    marked = {c.name for d in ruleset.data for c in d.columns if c.personal} if ruleset is not None else set()
    return COMMON_COLUMNS | marked
