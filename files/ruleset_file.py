"""A ruleset file -> a checked `Ruleset` with its text and its findings."""

from __future__ import annotations

from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from . import cache
from .text import decode, read_bytes


@frozen
class LoadedRuleset:
    """A ruleset file as read: ``ruleset`` is ``None`` where it holds errors."""

    path: Path
    text: str
    ruleset: Ruleset | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language


def load_ruleset_file(path: Path) -> LoadedRuleset:
    """Read and check a ruleset, or take it from the cache.  Raises `Unreadable`."""
    text, notices = decode(read_bytes(path), path.name)
    key = cache.key_of(text)
    kept = cache.fetch(key)
    if kept is not None:
        ruleset, found = kept
        return LoadedRuleset(path, text, ruleset, (*notices, *found), ruleset.language)
    from ..dsl.check import check_text  # the parser and the graph are needed only now

    language = _prepare_parser(text)
    result = check_text(text, language)
    if result.ruleset is not None:
        cache.keep(key, result.ruleset, result.diagnostics)
    return LoadedRuleset(path, text, result.ruleset, (*notices, *result.diagnostics), result.language)


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
