"""Rulesets as sheets and forms for units."""
