"""The rule forms: how each way of scoring (F01 to F41) is lowered to core operations.

One table, `FORMS`, a row a form.  A form is written once, here; it has no reading and
no sentence of its own beyond the names of its steps.  Read `lowering.py` first, then
the families: `choosing.py`, `documents.py`, `counting.py`, `measuring.py`, `sharing.py`,
`ranking.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import choosing, counting, documents, measuring, ranking, sharing
from .lowering import Form, FormContext, Lowered

FORMS: Mapping[str, Form] = {
    form.key: form for form in (*choosing.FORMS, *documents.FORMS, *counting.FORMS, *measuring.FORMS, *sharing.FORMS, *ranking.FORMS)
}

__all__ = ["FORMS", "Form", "FormContext", "Lowered"]
