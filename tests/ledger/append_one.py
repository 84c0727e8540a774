"""Appends one entry to the ledger at a place, and says so: run by the tests of faults."""

import sys

from ruleeval.files.ledger.store import Actor, ledger_at

place, what = sys.argv[1:]
with ledger_at(place, create=True) as ledger:
    texts = [f"text of {what}", f"{what} " * 3000]
    from ruleeval.engine.chain import digest

    body = {"what": what, "texts": [{"digest": digest(t)} for t in texts]}
    entry = ledger.append("note", body, Actor("tester", "given"), texts)
sys.stdout.write(f"{entry.number}\n")
sys.stdout.flush()
