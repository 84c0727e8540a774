"""Sharing a total of posts by workload within limits, in whole posts: exact throughout.

1. Each unit's share is ``λ × workload``, cut to its limits; ``λ`` is the one number that
   makes the shares add up to the total.
2. Whole posts are those nearest to the shares (least sum of squared distances) that keep
   the limits and the total.  Without limits that is the method of the largest remainder;
   with them, a limit binds the whole number too: at most 51.75 allows 51.
3. Equal remainders: the greater workload first, then the order of the table.

Both steps move a unit up, never down, when its own workload alone rises.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, isqrt

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.numbers import Exact, divide, exact_text, simplest

#: The decimals to which a coefficient of variation is rounded, half up.
VARIATION_PLACES = 4


class Refused(Exception):
    """The posts cannot be shared as asked; ``diagnostic`` says which limit cannot hold."""

    def __init__(self, code: str, /, **facts: str) -> None:
        self.diagnostic = Diagnostic(code, (), facts, source="allocation")
        super().__init__(code)


@frozen
class Claim:
    """One unit: its posts before, its workload, what it is multiplied by, its limits, its city."""

    name: str
    before: int
    workload: Exact
    tilt: Exact = 1
    least: Exact | None = None
    most: Exact | None = None
    region: str = ""

    @property
    def weight(self) -> Exact:
        return simplest(Fraction(self.workload * self.tilt))

    @property
    def lowest(self) -> int:
        """The fewest whole posts that the limit allows."""
        return max(0, ceil(self.least)) if self.least is not None else 0

    @property
    def highest(self) -> int | None:
        return floor(self.most) if self.most is not None else None


@frozen
class Share:
    """What one unit is given, and why.

    ``plain`` is its share without limits, ``exact`` within them.  ``start`` is the whole
    part (or the limit nearest to it), ``extra`` what the remainders added or took.
    ``held`` is the limit that keeps the share or the whole number, if one does.
    """

    claim: Claim
    plain: Exact
    exact: Exact
    start: int
    extra: int
    held: str

    @property
    def posts(self) -> int:
        return self.start + self.extra

    @property
    def change(self) -> int:
        return self.posts - self.claim.before

    @property
    def remainder(self) -> Exact:
        return simplest(Fraction(self.exact - self.start))

    @property
    def load_before(self) -> Exact | None:
        return divide(self.claim.workload, self.claim.before) if self.claim.before else None

    @property
    def load_after(self) -> Exact | None:
        return divide(self.claim.workload, self.posts) if self.posts else None


@frozen
class Transfer:
    """Posts that move from one city to another."""

    giver: str
    taker: str
    posts: int


@frozen
class Outcome:
    """All shares, in the order of the table, and what they come to."""

    total: int
    shares: tuple[Share, ...]
    transfers: tuple[Transfer, ...]

    def variation(self, when: str) -> Exact | None:
        """The population coefficient of variation of load per post, ``before`` or ``after``,
        rounded half up to four decimals; ``None`` where a unit has no posts."""
        loads = [s.load_before if when == "before" else s.load_after for s in self.shares]
        known = [load for load in loads if load is not None]
        return variation(known) if len(known) == len(loads) else None


def allocate(claims: Sequence[Claim], total: int) -> Outcome:
    """Share ``total`` posts among some units.  Raises `Refused`."""
    _limits_can_hold(claims, total)
    exact = shares_within([c.weight for c in claims], [(c.least, c.most) for c in claims], total)
    everything = sum((Fraction(c.weight) for c in claims), start=Fraction(0))
    starts = [_start(c, x) for c, x in zip(claims, exact, strict=True)]
    extras = _whole(claims, exact, starts, total)
    shares = tuple(
        Share(c, divide(c.weight * total, simplest(everything)), x, start, extra, _held(c, x, start + extra))
        for c, x, start, extra in zip(claims, exact, starts, extras, strict=True)
    )
    return Outcome(total, shares, transfers_of(shares))


def _limits_can_hold(claims: Sequence[Claim], total: int) -> None:
    for claim in claims:
        if claim.weight < 0:
            raise Refused("E794", name=claim.name, value=exact_text(claim.weight))
        if claim.highest is not None and claim.lowest > claim.highest:
            least, most = exact_text(claim.least or 0), exact_text(claim.most or 0)
            raise Refused("E791", name=claim.name, least=least, most=most)
    lowest = sum(c.lowest for c in claims)
    if lowest > total:
        raise Refused("E792", sum=str(lowest), total=str(total), names=_names([c for c in claims if c.lowest]))
    if all(c.highest is not None for c in claims):
        highest = sum(c.highest or 0 for c in claims)
        if highest < total:
            raise Refused("E793", sum=str(highest), total=str(total), names=_names(claims))
    if not any(c.weight for c in claims):
        raise Refused("E794", value="0")


def _names(claims: Sequence[Claim]) -> str:
    return "、".join(f"{c.name} {c.lowest}–{c.highest if c.highest is not None else '…'}" for c in claims[:8]) + ("…" if len(claims) > 8 else "")


def shares_within(weights: Sequence[Exact], limits: Sequence[tuple[Exact | None, Exact | None]], total: int) -> list[Exact]:
    """The shares ``λ × weight``, each cut to its limits, that add up to the total.

    Raises `Refused` E793 where those that may still grow have no workload.
    """
    lows = [Fraction(max(0, low)) if low is not None else Fraction(0) for low, _ in limits]
    highs = [None if high is None else Fraction(high) for _, high in limits]
    sizes = [Fraction(w) for w in weights]

    def share(number: int, scale: Fraction) -> Fraction:
        value = max(lows[number], scale * sizes[number])
        high = highs[number]
        return value if high is None or value <= high else max(lows[number], high)

    def together(scale: Fraction) -> Fraction:
        return sum((share(i, scale) for i in range(len(sizes))), start=Fraction(0))

    edges = {Fraction(0)}
    for low, high, size in zip(lows, highs, sizes, strict=True):
        edges |= {Fraction(low, size), *(() if high is None else (Fraction(high, size),))} if size else set()
    steps = sorted(edges)
    steps.append(steps[-1] + Fraction(total, max(sizes)) + 1)
    if together(steps[-1]) < total:
        raise Refused("E793", sum=exact_text(simplest(together(steps[-1]))), total=str(total))
    first, last = 0, len(steps) - 1
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if together(steps[middle]) <= total else (first, middle)
    left, right = together(steps[first]), together(steps[last])
    scale = steps[first] if right == left else steps[first] + (steps[last] - steps[first]) * Fraction(total - left, right - left)
    return [simplest(share(i, scale)) for i in range(len(sizes))]


def _start(claim: Claim, exact: Exact) -> int:
    """The whole part of a share, or the limit nearest to it."""
    start = max(floor(exact), claim.lowest)
    return start if claim.highest is None else min(start, claim.highest)


def _whole(claims: Sequence[Claim], exact: Sequence[Exact], starts: Sequence[int], total: int) -> list[int]:
    """What to add to each start so that all add up: to the largest remainder first, from the smallest."""
    extras = [0] * len(claims)
    short = total - sum(starts)
    sign = 1 if short >= 0 else -1

    def entry(number: int) -> tuple[Fraction, Fraction, int]:
        rest = Fraction(exact[number] - starts[number] - extras[number])
        return (-sign * rest, -sign * Fraction(claims[number].weight), sign * number)

    def may_move(number: int) -> bool:
        posts, claim = starts[number] + extras[number], claims[number]
        return posts > claim.lowest if sign < 0 else claim.highest is None or posts < claim.highest

    waiting = [(*entry(i), i) for i in range(len(claims)) if may_move(i)]
    heapq.heapify(waiting)
    for _ in range(abs(short)):
        number = heapq.heappop(waiting)[-1]
        extras[number] += sign
        if may_move(number):
            heapq.heappush(waiting, (*entry(number), number))
    return extras


def _held(claim: Claim, exact: Exact, posts: int) -> str:
    if (claim.most is not None and exact == claim.most) or posts == claim.highest:
        return "most"
    if (claim.least is not None and exact == claim.least and claim.least > 0) or (claim.least is not None and posts == claim.lowest):
        return "least"
    return ""


def transfers_of(shares: Sequence[Share]) -> tuple[Transfer, ...]:
    """Posts moved between cities: the greatest giver to the greatest taker, until all is settled."""
    net: dict[str, int] = {}
    found: list[Transfer] = []
    for share in shares:
        if share.claim.region:
            net[share.claim.region] = net.get(share.claim.region, 0) + share.change
    while True:
        givers = sorted((n, r) for r, n in net.items() if n < 0)
        takers = sorted((-n, r) for r, n in net.items() if n > 0)
        if not givers or not takers:
            return tuple(found)
        (less, giver), (more, taker) = givers[0], takers[0]
        moved = min(-less, -more)
        net[giver] += moved
        net[taker] -= moved
        found.append(Transfer(giver, taker, moved))


def variation(values: Sequence[Exact]) -> Exact | None:
    """The population coefficient of variation, rounded half up to four decimals.

    The square is exact; its root is found in whole numbers.  ``None`` without values or
    where their mean is zero.
    """
    exact = [Fraction(v) for v in values]
    mean = Fraction(sum(exact), len(exact)) if exact else Fraction(0)
    if mean == 0:
        return None
    square = Fraction(sum((v - mean) ** 2 for v in exact), len(exact) * mean**2)
    scaled = isqrt(int(square * 100 ** (VARIATION_PLACES + 1)))
    return simplest(Fraction((scaled + 5) // 10, 10**VARIATION_PLACES))


