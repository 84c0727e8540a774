"""``python -m ruleeval.cli``."""

from . import main

main()
