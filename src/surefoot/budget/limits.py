"""The limits of an address as the exchange says them, and when they are to be asked for again (LIMIT-1)."""

from collections.abc import Iterable

from surefoot.budget.meter import Meter
from surefoot.budget.units import is_usable, window_ms
from surefoot.spot.general import RateLimit, window_name

_ASSUMED = ("1m", 60_000, 300)
"""Until the exchange's own limits are known: less than any venue's, so that they are asked for early."""

_ASK_AGAIN_MS = 5_000
_DOUBTED_MS = 0.0


class Limits:
    """Meters of weight, and of raw requests once they are known."""

    def __init__(self) -> None:
        self.weight: tuple[Meter, ...] = (Meter(*_ASSUMED),)
        self.raw: Meter | None = None
        self.are_told = False
        self._known_at_ms: float | None = None
        self._asked_at_ms = -float(_ASK_AGAIN_MS)
        self._answered = True

    @property
    def are_known(self) -> bool:
        """Whether the exchange has said them (`are_told`), or could not: those assumed stand for a window."""
        return self._known_at_ms is not None

    def are_being_read(self, now_ms: float) -> bool:
        """Whether somebody asked for them who has no answer yet."""
        return not self._answered and now_ms - self._asked_at_ms < _ASK_AGAIN_MS

    def are_old(self, meter: Meter) -> bool:
        """Whether they are to be read before more is given out, where there is not enough for everybody: they
        are unknown, or those of the window before.
        """
        return self._known_at_ms is None or self._known_at_ms < meter.begins_ms(meter.index)

    @property
    def are_doubted(self) -> bool:
        """Whether the exchange refused what they allow: nothing is measured by them any more."""
        return self._known_at_ms == _DOUBTED_MS

    def ask(self, now_ms: float) -> bool:
        """Whether it is the caller who asks for them now; nobody else does for a while."""
        if 0 <= now_ms - self._asked_at_ms < _ASK_AGAIN_MS:  # a clock that was set back is no wait
            return False
        self._asked_at_ms, self._answered = now_ms, False
        return True

    def given_up(self) -> None:
        """Whoever was to ask went away: the next one may."""
        self._asked_at_ms, self._answered = -float(_ASK_AGAIN_MS), True

    def unanswered(self, now_ms: float) -> None:
        """They could not be read: what was known or assumed stands for this window."""
        self._known_at_ms, self._answered = now_ms, True

    def doubt(self) -> None:
        """The exchange refused what they allowed."""
        self._known_at_ms = None if self._known_at_ms is None else _DOUBTED_MS

    def learn(self, rows: Iterable[RateLimit], now_ms: float) -> str | None:
        """The exchange's own limits; what is used and under way stays counted. Returns, in words, what was
        cut.
        """
        rows = tuple(filter(is_usable, rows))
        weight = [row for row in rows if row.rate_limit_type == "REQUEST_WEIGHT"]
        for row in rows:
            if row.rate_limit_type == "RAW_REQUESTS":
                self.raw = _renewed((self.raw,) if self.raw else (), row)
        if not weight:
            return None
        known = {meter.name: meter.most for meter in self.weight} if self.are_told else {}
        self.weight = tuple(_renewed(self.weight, row) for row in weight)
        self._known_at_ms, self.are_told, self._answered = now_ms, True, True
        cut = [meter for meter in self.weight if meter.most < known.get(meter.name, 0)]
        return f"the exchange cut a limit from {known[cut[0].name]} to {cut[0].most}" if cut else None


def _renewed(meters: Iterable[Meter], row: RateLimit) -> Meter:
    name, length_ms = window_name(row), window_ms(row)
    for meter in meters:
        if meter.name == name and meter.window_ms == length_ms:
            meter.most = row.limit
            return meter
    return Meter(name, length_ms, row.limit)
