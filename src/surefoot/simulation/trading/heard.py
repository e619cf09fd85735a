"""Whether a trader's newest life heard all that the exchange said of its orders, or was told of a gap: what
is read afterwards would make up for it, and nobody would notice.
"""

from collections.abc import Iterator, Sequence

from surefoot.exchange.faults import Mute, Reorder, Withhold
from surefoot.execution import entries
from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment
from surefoot.simulation.happenings import Dropped
from surefoot.simulation.trading.gates import CLOCKS_DIFFER_MS, Report
from surefoot.simulation.upset import Upset


def may_miss(wires: Sequence[Fault], upset: Upset, account: str) -> bool:
    """Whether events were held back on connections that went on, which nobody can notice, or connections died
    without a word, which takes a while to notice.
    """
    dead = any(not isinstance(one, Cut | ClockStep) or _is_silent(one) for one in wires)
    mute = any(isinstance(one, Dropped) and one.how == "mute" for _, one in upset.happened)
    struck = [one.fault for one in upset.strikes if one.account in {account, ""}]
    return dead or mute or any(isinstance(fault, Withhold | Reorder | Mute) for fault in struck)


def _is_silent(fault: Fault) -> bool:
    return isinstance(fault, Cut) and fault.moment is Moment.SILENCE


class Heard:
    """What the life wrote down; `looked` counts the reports that it was to hear: from its first resync, when
    the stream was live, to its last one, or (`shut`: the exchange was for a while) to the last sign of the
    stream, for its gap may not be over yet.
    """

    def __init__(self, told: Sequence[entries.AnyEntry], said: Sequence[Report], *, shut: bool) -> None:
        born = max((at for at, one in enumerate(told) if isinstance(one, entries.Opened)), default=0)
        life = told[born:]
        resynced = [one.at_ms for one in life if isinstance(one, entries.Resynced)]
        self._gaps = [one for one in life if isinstance(one, entries.GapSeen)]
        events = [one.event for one in life if isinstance(one, entries.Reported)]
        self._heard = {(event.symbol, event.execution_id) for event in events}
        since_ms = min(resynced, default=0) + CLOCKS_DIFFER_MS
        signs = [event.event_time for event in events] + [gap.until_ms for gap in self._gaps]
        last_ms = max(resynced, default=0)
        until_ms = (min(last_ms, max(signs, default=0)) if shut else last_ms) - CLOCKS_DIFFER_MS
        self._said = [one for one in said if since_ms <= one.at_ms <= until_ms]
        self.looked = len(self._said)

    def missed(self, name: str) -> Iterator[str]:
        """The reports that it never heard, although it was told of no gap."""
        for one in self._said:
            if (one.symbol, one.execution_id) not in self._heard and not self._covered(one.at_ms):
                yield f"{name} never heard the report {one.symbol} {one.execution_id} of {one.at_ms}"

    def _covered(self, at_ms: int) -> bool:
        apart_ms = CLOCKS_DIFFER_MS
        return any(gap.since_ms - apart_ms <= at_ms <= gap.until_ms + apart_ms for gap in self._gaps)
