"""The second evaluator and what compares it with the engine.

Read in this order: ``plan.py`` (a ruleset and a unit in neutral terms), ``evaluator.py``
(what a unit scores, from the definitions alone), ``draw.py`` and ``cases.py`` (random
plans and units), ``write.py`` (a plan as text), ``compare.py`` (engine against
reference), ``faults.py`` (references that are wrong on purpose), ``run.py`` (the long
run: ``python -m tests.reference.run --examples 100000``).
"""
