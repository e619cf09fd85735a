"""The plan: which rule strikes which request or event. The same rules, seeds and requests give the same."""

from collections import deque
from collections.abc import Callable, Mapping
from itertools import count

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.faults.kinds import Fault, is_decisive
from surefoot.exchange.faults.rules import Channel, Occasion, Rule, read_rule
from surefoot.world import SeededEntropy

_REMEMBERED = 1_000
_MS_US = 1000


class Strike(msgspec.Struct, frozen=True):
    """One rule met one occasion, at `at_us` on the exchange's clock. `dice` in [0, 1) decides on jitter."""

    rule: int
    fault: Fault
    on: Channel
    name: str
    account: str
    address: str
    at_us: int
    dice: float


class _Active:
    """A rule in force, and what it has counted."""

    def __init__(self, rule: Rule, now_us: int) -> None:
        self.rule = rule
        self.seen = self.struck = 0
        self._dice = SeededEntropy(rule.seed)
        self._from_us = now_us + int(rule.after_ms * _MS_US)
        self._until_us = None if rule.for_ms is None else self._from_us + int(rule.for_ms * _MS_US)

    def strikes(self, occasion: Occasion, now_us: int, *, decided: bool) -> float | None:
        """The dice of a strike; None when this occasion passes, also because it is `decided` already.

        Dice are thrown in any case, so that other rules do not move them.
        """
        if now_us < self._from_us or (self._until_us is not None and now_us >= self._until_us):
            return None
        if not self.rule.meets(occasion):
            return None
        self.seen += 1
        if self.seen <= self.rule.skip or self.struck == self.rule.times:
            return None
        lucky, dice = self._dice.uniform() >= self.rule.probability, self._dice.uniform()
        if lucky or (decided and is_decisive(self.rule.fault)):
            return None
        self.struck += 1
        return dice


class Plan:
    """Rules by number, in the order in which they were added. `now_us`: microseconds since 1970."""

    def __init__(self, now_us: Callable[[], int]) -> None:
        self._now_us = now_us
        self._active: dict[int, _Active] = {}
        self._numbers = count(1)
        self._past: dict[int, int] = {}
        self.strikes: deque[Strike] = deque(maxlen=_REMEMBERED)

    def add(self, given: object) -> int:
        """Put a rule in force, as `read_rule` reads it; returns its number. Raises `Misuse`."""
        active = _Active(read_rule(given), self._now_us())
        number = next(self._numbers)
        self._active[number] = active
        return number

    def remove(self, number: int) -> None:
        """Take a rule back; raises `Misuse` when there is none of that number."""
        active = self._active.pop(number, None)
        if active is None:
            known = ", ".join(map(str, self._active)) or "none"
            raise Misuse(f"no rule of faults has the number {number}; in force: {known}")
        self._past[number] = active.struck

    def clear(self) -> None:
        """Take all rules back."""
        for number in tuple(self._active):
            self.remove(number)

    @property
    def rules(self) -> Mapping[int, Rule]:
        """The rules in force."""
        return {number: active.rule for number, active in self._active.items()}

    @property
    def struck(self) -> Mapping[int, int]:
        """How often each rule struck, also those that were taken back."""
        return self._past | {number: active.struck for number, active in self._active.items()}

    @property
    def idle(self) -> bool:
        """Whether there is no rule at all."""
        return not self._active

    def strike(self, occasion: Occasion) -> tuple[Strike, ...]:
        """The rules that strike this occasion, in their order: at most one that decides what is heard."""
        found: list[Strike] = []
        now_us, decided = self._now_us(), False
        for number, active in self._active.items():
            dice = active.strikes(occasion, now_us, decided=decided)
            if dice is not None:
                fault = active.rule.fault
                decided = decided or is_decisive(fault)
                found.append(_strike(number, fault, occasion, now_us, dice))
        self.strikes.extend(found)
        return tuple(found)


def _strike(number: int, fault: Fault, occasion: Occasion, now_us: int, dice: float) -> Strike:
    name, account, address = occasion.names[0], occasion.account, occasion.address
    return Strike(number, fault, occasion.on, name, account, address, now_us, dice)
