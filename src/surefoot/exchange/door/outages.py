"""What goes wrong with the exchange as a whole: connections cut or mute, maintenance, leaving."""

from collections.abc import Callable
from typing import Literal

from surefoot.errors import Misuse
from surefoot.exchange.door.attendance import Attendance, Kind
from surefoot.exchange.door.mishaps import Waiting
from surefoot.exchange.faults.kinds import Answer
from surefoot.exchange.faults.plan import Plan
from surefoot.exchange.faults.rules import Rule, Where
from surefoot.net.endings import Ending

_CLOSED = Answer(status=503, code=-1016)
_MOST_MS = 86_400_000
_NAME = "maintenance"


class Outages:
    """Acts at once, on the loop of the exchange; times are milliseconds. `now_us` is the exchange's clock.

    Raises `Misuse` for a time that is none.
    """

    def __init__(
        self, attendance: Attendance, plan: Plan, waiting: Waiting, now_us: Callable[[], int]
    ) -> None:
        self._attendance = attendance
        self._plan = plan
        self._waiting = waiting
        self._now_us = now_us

    def cut(self, on: Kind | None = None, how: Literal["reset", "close"] = "reset") -> int:
        """End every WebSocket now, or those of one kind; returns how many there were."""
        return self._end(on, Ending(how))

    def mute(self, on: Kind | None = None) -> int:
        """Let every WebSocket of now stay open and say nothing any more, neither events nor pongs."""
        return self._end(on, Ending.HALF_OPEN)

    def maintenance(self, for_ms: float | None = None) -> None:
        """Answer 503 (-1016) to everything, handshakes too, and cut all WebSockets; until `reopen` by itself.

        These are rules of faults named ``maintenance``: clearing those reopens as well.
        """
        self.reopen()
        for where in (Where(), Where(on="connect")):
            self._plan.add(Rule(_CLOSED, where=where, for_ms=for_ms, name=_NAME))
        self.cut(how="close")

    def reopen(self) -> None:
        """The maintenance is over."""
        for number, rule in tuple(self._plan.rules.items()):
            if rule.name == _NAME:
                self._plan.remove(number)

    def shut_down(self, lead_ms: float = 0) -> int:
        """Tell every WebSocket `serverShutdown` and end it `lead_ms` later; returns how many were told.

        The exchange goes on, as if another of its servers took over: new connections are welcome at once.
        """
        if not 0 <= lead_ms <= _MOST_MS:
            raise Misuse(f"lead_ms {lead_ms} is not between 0 and a day ({_MOST_MS} ms)")
        told = self._attendance.announce(self._now_us())
        self._waiting.after(lead_ms, lambda: self._attendance.dismiss(told, "the server shuts down"))
        return len(told)

    def _end(self, on: Kind | None, ending: Ending) -> int:
        chosen = [visit for visit in self._attendance.present if on in {None, visit.kind}]
        for visit in chosen:
            visit.wire.end(ending)
        return len(chosen)
