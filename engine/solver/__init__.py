"""THE PROOFS: a ruleset as exact constraints, and questions answered for every unit at once.

Read in this order: `terms.py` (numbers, truths and words as z3 terms; what is known stays
a plain number), `scaling.py` (which data count only by their ratios), `space.py` (the
data of a unit as variables), `readings.py`, `arithmetic.py` and `lists.py` (the third
reading of every core operation, in one table), `leaves.py` and `tree.py` (indicators, total
and grade), `encoding.py` (a ruleset as a whole), `ask.py` (the question put to the solver),
`witness.py` (an answer as a unit), `parts.py` (indicators that share no data are asked about
one by one).  On them stand `differ.py` (two rulesets compared), `prove.py` with `spots.py` and
`rising.py` (what a ruleset can come to), and `why_not.py` (what a unit lacks for a grade).

Units considered: every data item filled in and in its declared range, no indicator
claimed not applicable, no data error, no rule that fails.  Evidence counts as handed in,
except where a score depends on it: there it is a variable.  Nothing here is exact by
sampling: "proved" means that the solver found the opposite impossible, and every unit
shown has been run through the engine first.

z3 is loaded when something here is imported, and nowhere else.
"""
