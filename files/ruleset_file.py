"""A ruleset file, with all that it extends -> a checked `Ruleset` with its texts and findings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.heads import read_file_head
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from . import cache
from .ruleset_folder import BrokenChain, ChainLink, Found, chain_of, folder_of, named, read_found

if TYPE_CHECKING:
    from ..dsl.check import CheckResult
    from ..dsl.layers.resolve import LayerText, Resolved


@frozen
class LoadedRuleset:
    """A ruleset file as read: ``ruleset`` is ``None`` where it holds errors.

    ``chain`` has every file that it was made from, itself the last; places count their
    lines one after the other.
    """

    path: Path
    text: str
    ruleset: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language
    chain: tuple[Found, ...]


def load_ruleset_file(path: Path) -> LoadedRuleset:
    """Read and check a ruleset and what it extends, or take it from the cache.

    ``NAME@VERSION`` stands for the file of that name and version in the folder of
    rulesets.  Raises `Unreadable`.
    """
    return _loaded(read_found(path if "@" not in path.name or path.exists() else named(str(path), folder_of(Path.cwd()))), None)


def load_ruleset_text(path: Path, text: str) -> LoadedRuleset:
    """The same from the text that a file is to have; what it extends is looked for where the file is."""
    return _loaded(Found(path, text, (), read_file_head(text)), None)


def load_ruleset_texts(texts: Sequence[tuple[str, str]]) -> LoadedRuleset:
    """The same from texts with their files' names: what is extended first, the ruleset itself last."""
    chain = [Found(Path(str(n), name), text, (), read_file_head(text)) for n, (name, text) in enumerate(texts, 1)]
    return _loaded(chain[-1], chain)


def _loaded(found: Found, others: Sequence[Found] | None) -> LoadedRuleset:
    try:
        links = chain_of(found, others)
    except BrokenChain as broken:
        from ..dsl.parse import detect_language

        language = detect_language(broken.at.text)
        return LoadedRuleset(broken.at.path, broken.at.text, None, (broken.diagnostic,), language, (broken.at,))
    chain = tuple(link.found for link in links)
    notices = tuple(d for one in chain for d in one.notices)
    key = cache.key_of(found.text if len(chain) == 1 else _chain_text(links))
    kept = cache.fetch(key)
    if kept is not None:
        ruleset, known = kept
        return LoadedRuleset(found.path, found.text, ruleset, (*notices, *known), ruleset.language, chain)
    language = _prepare_parser(found.text)
    result = _checked(links, language)
    if result.ruleset is not None:
        cache.keep(key, result.ruleset, result.diagnostics)
    return LoadedRuleset(found.path, found.text, result.ruleset, (*notices, *result.diagnostics), result.language, chain)


def resolve_ruleset_file(loaded: LoadedRuleset) -> Resolved:
    """The parsed text of a ruleset that was loaded, with what each layer did to it."""
    from ..dsl.layers.resolve import resolve

    _prepare_parser(loaded.text)
    return resolve(layer_texts(chain_of(loaded.chain[-1])))


def _chain_text(links: tuple[ChainLink, ...]) -> str:
    """All that a ruleset made of several files depends on."""
    return "\0".join(f"{link.found.path.name}\0{link.extends}\0{link.found.text}" for link in links)


def _checked(links: tuple[ChainLink, ...], language: Language) -> CheckResult:
    from ..dsl.check import check_chain, check_text  # the parser and the graph are needed only now

    if len(links) == 1:
        return check_text(links[0].found.text, language)
    return check_chain(layer_texts(links))


def layer_texts(links: tuple[ChainLink, ...]) -> list[LayerText]:
    from ..dsl.layers.resolve import LayerText

    return [LayerText(link.found.path.name, link.found.text, link.extends) for link in links]


def _prepare_parser(text: str) -> Language:
    """Take the parser's tables from the cache, or keep them there for the next run."""
    from lark import __version__

    from ..dsl.parse import detect_language, parser_tables, use_tables

    language = detect_language(text)
    if cache.folder() is None:
        return language
    name = f"tables {language} {__version__}"
    tables = cache.fetch_text(name)
    if tables is None:
        tables = parser_tables(language)
        cache.keep_text(name, tables)
    try:
        use_tables(language, tables)
    except ValueError:
        return language
    return language
