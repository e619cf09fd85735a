"""What must hold, by name; how often each was looked at, and what did not hold."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Law(StrEnum):
    """The invariants of a run (architecture §8), in the words of the report."""

    ONCE = "one intent, one order at most"
    COMMITTED = "committed before the first byte"
    IN_TIME = "signed and sent in time"
    RESENT = "never sent again while unknown"
    UNIQUE = "no id twice"
    ORDERS = "orders are the exchange's"
    LISTS = "lists are the exchange's"
    FILLS = "fills are the exchange's"
    BALANCES = "balances are the exchange's"
    MONEY = "deposits = free + locked + fees"
    CERTAIN = "no doubt outlives the healing"
    BOUND = "a doubt ends in time"
    ABSENT = "what was not placed is not there"
    TRUTH = "callers are told the truth"
    LIMITS = "never limited but by a fault"
    SILENCE = "silent while told to be"
    PREFIX = "any prefix gives the views of its moment"
    CHECKPOINT = "a checkpoint and the rest give the whole"
    FORWARD = "what is known only moves forward"
    WHOLE = "the journal has no holes"
    LIVELY = "all is settled in bounded time"
    STOPPED = "nothing new while trading is stopped"
    OBEYED = "the operator's limits hold"
    HEARD = "what was said was heard, or a gap told"
    CALM = "no cause to stop trading"
    CLEAN = "nothing is left behind"
    SOUND = "no exception goes unhandled"


class Breach(msgspec.Struct, frozen=True):
    """A law did not hold."""

    law: str
    text: str

    def __str__(self) -> str:
        return f"{self.law}: {self.text}"


class Court:
    """Keeps the score of one run."""

    def __init__(self) -> None:
        self.looked: Counter[str] = Counter({law.value: 0 for law in Law})
        self.breaches: list[Breach] = []

    def check(self, law: Law, holds: bool, sentence: str) -> None:
        """Once."""
        self.looked[law.value] += 1
        if not holds:
            self.breaches.append(Breach(law.value, sentence))

    def hear(self, law: Law, looked: int, complaints: Iterable[str]) -> None:
        """`looked` times; each of the complaints is a breach."""
        self.looked[law.value] += looked
        self.breaches += [Breach(law.value, sentence) for sentence in complaints]
