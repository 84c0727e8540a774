"""Wordings (filled in below)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {}
