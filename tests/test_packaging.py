"""What is installed holds everything that runs: every package, and every file that is read."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
LAYERS = ("dsl", "engine", "report", "files", "cli")


def test_every_package_is_listed() -> None:
    found = {p.parent.relative_to(ROOT) for layer in LAYERS for p in (ROOT / layer).rglob("__init__.py")}
    named = {".".join(("ruleeval", *p.parts)) for p in found}
    listed = {p for p in SETUPTOOLS["packages"] if p.split(".")[1:2] and p.split(".")[1] in LAYERS}
    assert named == listed


def test_every_data_file_of_a_package_is_listed() -> None:
    patterns = SETUPTOOLS["package-data"]
    shipped = {
        path
        for package, globs in patterns.items()
        for pattern in globs
        for path in ROOT.joinpath(*package.split(".")[1:]).glob(pattern)
    }
    there = {p for layer in LAYERS for p in (ROOT / layer).rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
    assert there - shipped == set()
    assert (ROOT / "py.typed") in shipped
    assert {p.name for p in shipped} >= {"grammar.lark", "government.rules", "libraries.rules", "E101.md"}
