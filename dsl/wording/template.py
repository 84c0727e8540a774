"""One diagnostic's sentences in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..frozen import frozen
from ..keywords import Language


@frozen
class Wording:
    """Summary and help, Chinese and English, and a sentence for each named label."""

    zh: str
    zh_help: str
    en: str
    en_help: str
    notes: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def summary(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def help(self, language: Language) -> str:
        return self.zh_help if language == "zh" else self.en_help

    def note(self, name: str, language: Language) -> str:
        pair = self.notes.get(name)
        return "" if pair is None else pair[0 if language == "zh" else 1]


#: The sentence of a label that shows what a mistyped name probably means.
DECLARED = ("声明在这里", "declared here")
