"""A checked allocation: how a total of posts is shared by workload.

What it declares (data, parameters, derived values) is kept as a ruleset without
indicators; what each unit is given is worked out from derived values of that ruleset,
named by the statements that they stand in.
"""

from __future__ import annotations

from .frozen import frozen
from .model import Ruleset
from .numbers import Exact


@frozen
class Allocation:
    """An allocation that has passed every check.

    ``before``, ``shared_by``, ``tilt``, ``least`` and ``most`` are keys of derived values
    of ``declared``; ``total`` is ``None`` where the total stays what it was; ``region``
    is the key of the data item that names a unit's city.
    """

    declared: Ruleset
    before: str
    shared_by: str
    total: Exact | None
    tilt: str | None = None
    least: str | None = None
    most: str | None = None
    region: str | None = None

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def version(self) -> str:
        return self.declared.version
