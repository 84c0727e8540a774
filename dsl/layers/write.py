"""Edits -> the text of a layer that makes them.

The writer distrusts itself: what it wrote is read, applied and compared; if anything
differs from what was wanted, nothing is given out (`LayerBug`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..format import write_fields, write_line
from ..frozen import frozen
from ..keywords import Language, word
from ..model import Source
from ..parse import ROWS
from .book import Row
from .compare import compare, matched
from .edits import HEADING_ASPECTS, Edit
from .resolve import LayerText, Resolved, resolve

_GATHERED = ("add", "change", "remove")


class LayerBug(Exception):
    """The layer would not have made the old ruleset into the new one; nothing was written."""


@frozen
class LayerHead:
    """What a layer is called, what it extends, and the reason of every change without its own."""

    name: str
    version: str
    extends: str
    reason: str


def write_layer(head: LayerHead, edits: Iterable[Edit], language: Language) -> str:
    """The text of a layer in the one layout."""
    zh = language == "zh"
    colon = "：" if zh else ": "
    mark = "、" if zh else "; "
    out = [f"{word(key, language)}{colon}{text}" for key, text in (
        ("RULESET", head.name), ("VERSION", head.version), ("EXTENDS", head.extends), ("REASON", head.reason)
    )]  # fmt: skip
    edits = tuple(edits)
    out += _head(edits, language, colon)
    for section in dict.fromkeys(e.address.kind for e in edits if e.address.group == "row"):
        out += _rows([e for e in edits if e.address.group == "row" and e.address.kind == section], section, language, colon, mark)
    for edit in edits:
        if edit.address.group == "block":
            out += ["", *_block(edit, language, colon)]
    out += _items([e for e in edits if e.address.group == "item"], language, colon, mark)
    return "\n".join(out) + "\n"


def layer_between(chain: Sequence[LayerText], new: Resolved, name: str, version: str, reason: str, given: Mapping[str, str]) -> str:
    """The layer that makes a chain into ``new``.  Raises `LayerBug` if it would not, ``ValueError``
    if the two are written in different languages."""
    old = resolve(chain)
    if old.book.language != new.book.language:
        raise ValueError("the two rulesets are in different languages")
    edits = compare(old.book, new.book, matched(old.book, new.book, (old.origins, new.origins), given))
    source = old.sources[-1]
    head = LayerHead(name, version, _extended(source), reason)
    text = write_layer(head, edits, new.book.language)
    again = resolve([*chain, LayerText("layer", text, (len(chain) - 1,))])
    wrong = [d for d in again.result.diagnostics if d.code.startswith("E")]
    if wrong or compare(again.book, new.book, {code: code for code in again.book.items if code in new.book.items}):
        raise LayerBug("; ".join(f"{d.code} {d.line}" for d in wrong) or "the layer gives another ruleset")
    return text


def _head(edits: tuple[Edit, ...], language: Language, colon: str) -> Iterator[str]:
    for edit in edits:
        if edit.address.group != "head":
            continue
        if edit.act == "remove" and edit.address.kind == "subtotal":
            name = edit.address.key.split(" ", 1)[1]
            yield f"{word('REMOVAL', language)} {word('SUBTOTAL', language)}{colon}{_quoted(name, language)}"
        elif edit.act == "remove":
            yield f"{word('LEAVE_OUT', language)}{colon}{word(edit.address.kind.upper(), language)}"
        else:
            assert isinstance(edit.content, tuple)
            yield from (write_line(b.line, "statement", language, language) for b in edit.content)


def _rows(edits: list[Edit], section: str, language: Language, colon: str, mark: str) -> Iterator[str]:
    opening = word(section.upper(), language)
    for act in _GATHERED:
        chosen = [e for e in edits if e.act == act]
        if not chosen:
            continue
        yield ""
        if act == "remove":
            yield f"{word('REMOVAL', language)} {opening}{colon}{mark.join(_quoted(e.address.key, language) for e in chosen)}"
            continue
        yield opening if act == "add" else f"{word('CHANGE', language)} {opening}"
        for edit in chosen:
            assert isinstance(edit.content, Row)
            yield from (f"  {write_line(line, ROWS[section], language, language)}" for line in edit.content.lines)
            yield from (f"    {write_line(c.line, 'statement', language, language)}" for c in edit.content.columns)


def _block(edit: Edit, language: Language, colon: str) -> Iterator[str]:
    kind, name = edit.address.kind.upper(), edit.address.key
    if edit.act == "remove":
        yield f"{word('REMOVAL', language)} {word(kind, language)}" + (f"{colon}{_quoted(name, language)}" if name else "")
        return
    assert isinstance(edit.content, tuple)
    (block,) = edit.content
    first, *rest = write_fields(block, language)
    yield first if edit.act == "add" else f"{word('CHANGE', language)} {first}"
    yield from rest


def _items(edits: list[Edit], language: Language, colon: str, mark: str) -> Iterator[str]:
    removed = [e.address.key for e in edits if e.act == "remove" and not e.address.aspect]
    if removed:
        yield ""
        yield f"{word('REMOVAL', language)} {mark.join(removed)}"
    for code in dict.fromkeys(e.address.key for e in edits if e.act in ("change", "remove") and e.address.aspect):
        yield from _changes(code, [e for e in edits if e.address.key == code and e.address.aspect and e.act != "move"], language, colon, mark)
    for edit in edits:
        if edit.act == "move":
            yield ""
            yield f"{word('MOVE', language)} {edit.address.key} {word('TO', language)} {edit.to}"
    for edit in edits:
        if edit.act == "add":
            assert isinstance(edit.content, tuple)
            yield ""
            first, *rest = write_fields(edit.content[0], language)
            yield f"{word('ADDITION', language)} {first}"
            yield from rest


def _changes(code: str, edits: list[Edit], language: Language, colon: str, mark: str) -> Iterator[str]:
    share = next((e for e in edits if e.address.aspect == "share" and e.act == "change"), None)
    others = [e for e in edits if e is not share]
    if others:
        yield ""
        yield f"{word('CHANGE', language)} {code}"
        for edit in others:
            if edit.act == "change" and edit.address.aspect == "name":
                yield f"  {word('RENAMED', language)}{colon}{edit.content}"
            elif edit.act == "change" and isinstance(edit.content, tuple):
                for block in edit.content:
                    first, *rest = write_fields(block, language)
                    yield f"  {first}"
                    yield from (f"  {line}" for line in rest)
        left_out = [word(HEADING_ASPECTS.get(e.address.aspect, e.address.aspect.upper()), language) for e in others if e.act == "remove"]
        if left_out:
            yield f"  {word('LEAVE_OUT', language)}{colon}{mark.join(left_out)}"
    if share is not None:
        yield ""
        comma = "，" if language == "zh" else ", "
        yield f"{word('REWEIGH', language)} {code}{comma}{share.content}"


def _extended(source: Source) -> str:
    """The name and version that an extends line gives, in brackets where the name holds a separator."""
    text = f"{source.name} {source.version}"
    return f"【{text}】" if set(text) & set("、;；") else text


def _quoted(name: str, language: Language) -> str:
    if not set(name) & set("、;；,，:：") and not name.startswith(("【", "[")):
        return name
    return f"【{name}】" if language == "zh" or set(name) & set("[]") else f"[{name}]"


