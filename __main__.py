"""``python -m ruleeval``."""

from .cli import main

main()
