"""What was submitted, as a plain list that is summed up anew for every question: an oracle for `Spent`."""

from decimal import Decimal

import msgspec


class Line(msgspec.Struct):
    """One submission: `at_ms` is never before an earlier line's. `exempt` is a way out of a position."""

    id: str
    quote: str
    notional: Decimal
    at_ms: int
    exempt: bool = False
    placed: bool = False
    gone: bool = False


class Lines:
    """All submissions that ever were."""

    def __init__(self) -> None:
        self.all: list[Line] = []
        self.latest_ms = 0

    def hear(self, at_ms: int) -> None:
        self.latest_ms = max(self.latest_ms, at_ms)

    def not_placed(self, id: str) -> None:
        for line in self.all:
            if line.id == id and not line.placed:
                line.gone = True

    def placed(self, id: str) -> None:
        for line in self.all:
            if line.id == id and not line.gone:
                line.placed = True

    def minute(self, quote: str, now_ms: int) -> Decimal:
        now_ms = max(now_ms, self.latest_ms)
        return self.between(quote, now_ms - 59_999, now_ms)

    def day(self, quote: str, now_ms: int) -> Decimal:
        first_ms = max(now_ms, self.latest_ms)
        first_ms -= first_ms % 86_400_000
        return self.between(quote, first_ms, first_ms + 86_399_999)

    def between(self, quote: str, first_ms: int, last_ms: int) -> Decimal:
        counted = [x for x in self.all if x.quote == quote and not x.gone and first_ms <= x.at_ms <= last_ms]
        return sum((line.notional for line in counted), Decimal(0))
