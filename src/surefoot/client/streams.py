"""The life of a stream: a table of states, jittered back-off, and the gaps it owes its listener (pure)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from surefoot.codec.rest import retry_after_ms
from surefoot.errors import SurefootError
from surefoot.spot.events import Event
from surefoot.spot.streams import StreamKind


class Gap(Event, frozen=True):
    """The stream was deaf from `since_ms` until `until_ms` (exchange's clock): what happened then is unknown.

    Resynchronise before trusting what follows: open orders, trades since the last known id, balances
    (TRACK-3).
    """

    since_ms: int
    until_ms: int
    reason: str

    def joined(self, later: "Gap") -> "Gap":
        """This one and a `later` one, before which nothing else was told."""
        return Gap(since_ms=min(self.since_ms, later.since_ms), until_ms=later.until_ms, reason=later.reason)


class SubscriptionEnded(Event, frozen=True):
    """The named streams are not listened to any more, and why: their callback failed, or the exchange
    refused them after a reconnection. Everything else goes on.
    """

    names: tuple[str, ...]
    reason: str


class Policy(StrEnum):
    """What happens to an unread event when its stream says the next one."""

    KEEP = "keep"
    NEWEST = "newest"
    NEWEST_UNTIL_CLOSED = "newest until closed"
    NEWEST_OF_SYMBOL = "newest of each symbol"


POLICIES: Mapping[StreamKind, Policy] = MappingProxyType(
    {
        StreamKind.AGG_TRADE: Policy.KEEP,
        StreamKind.TRADE: Policy.KEEP,
        StreamKind.BLOCK_TRADE: Policy.KEEP,
        StreamKind.DEPTH: Policy.KEEP,
        StreamKind.KLINE: Policy.NEWEST_UNTIL_CLOSED,
        StreamKind.MINI_TICKER: Policy.NEWEST,
        StreamKind.MINI_TICKERS: Policy.NEWEST_OF_SYMBOL,
        StreamKind.TICKER: Policy.NEWEST,
        StreamKind.ROLLING_TICKER: Policy.NEWEST,
        StreamKind.ROLLING_TICKERS: Policy.NEWEST_OF_SYMBOL,
        StreamKind.BOOK_TICKER: Policy.NEWEST,
        StreamKind.AVG_PRICE: Policy.NEWEST,
        StreamKind.PARTIAL_DEPTH: Policy.NEWEST,
        StreamKind.REFERENCE_PRICE: Policy.NEWEST,
    }
)
"""How the queue of a stream treats each kind. User events are kept.

What is kept is never dropped: a full queue stops reading the socket, and if the exchange then cuts the
connection, that is a `Gap`. Of the rest a slow reader gets the newest.
"""


_LONGEST_BAN_MS = 3 * 86_400_000  # rest-api, IP Limits


def asked_to_wait_ms(error: SurefootError, now_ms: int) -> float:
    """How long the exchange asks to be left alone: to knock earlier makes a ban longer. No longer than the
    longest ban, whatever it says: a stream must not sleep for years.
    """
    if error.facts.retry_at_ms is not None:
        asked_ms = max(0, error.facts.retry_at_ms - now_ms)
    else:
        asked_ms = retry_after_ms(error.facts.headers) or 0
    return min(asked_ms, _LONGEST_BAN_MS)


class State(StrEnum):
    """Where a stream is in its life."""

    CONNECTING = "connecting"
    SUBSCRIBING = "subscribing"
    LIVE = "live"
    WAITING = "waiting"
    CLOSED = "closed"


class Turn(StrEnum):
    """What can happen to a stream."""

    CONNECTED = "connected"
    SUBSCRIBED = "subscribed"
    ROTATED = "rotated"
    LOST = "lost"
    DUE = "due"
    CLOSE = "close"


LIFE = MappingProxyType(
    {
        (State.CONNECTING, Turn.CONNECTED): State.SUBSCRIBING,
        (State.CONNECTING, Turn.LOST): State.WAITING,
        (State.SUBSCRIBING, Turn.SUBSCRIBED): State.LIVE,
        (State.SUBSCRIBING, Turn.LOST): State.WAITING,
        (State.LIVE, Turn.ROTATED): State.LIVE,
        (State.LIVE, Turn.LOST): State.WAITING,
        (State.WAITING, Turn.DUE): State.CONNECTING,
        (State.CONNECTING, Turn.CLOSE): State.CLOSED,
        (State.SUBSCRIBING, Turn.CLOSE): State.CLOSED,
        (State.LIVE, Turn.CLOSE): State.CLOSED,
        (State.WAITING, Turn.CLOSE): State.CLOSED,
        (State.CLOSED, Turn.CLOSE): State.CLOSED,
    }
)
"""Every legal step. What is not in the table cannot happen. Nobody comes to `LIVE` but by a subscription that
was asked for on that connection, signed afresh where it is signed, and acknowledged; `ROTATED` is to be live
on the next connection, which has come that far (see `client.rotation`).
"""

_FIRST_DELAY_MS, _LONGEST_DELAY_MS = 250, 30_000


def back_off_ms(tries: int, dice: float) -> float:
    """How long to wait after `tries` failures: exponential, full jitter; `dice` is in [0, 1) (RETRY-1)."""
    return dice * min(_LONGEST_DELAY_MS, _FIRST_DELAY_MS << min(tries, 10))


class StreamLife:
    """Knows where a stream is, how long to wait before the next try, and which gap it owes.

    Times are milliseconds on the exchange's clock. There is no limit to the number of tries.
    """

    def __init__(self) -> None:
        self.state = State.CONNECTING
        self._tries = 0
        self._deaf_since_ms: int | None = None
        self._reason = ""

    @property
    def deaf_since_ms(self) -> int | None:
        """Since when the stream hears nothing, if it was live before; None while it is live."""
        return self._deaf_since_ms

    def turn(self, turn: Turn) -> None:
        """Take one step of the table; a step that is not in it is a defect and raises `KeyError`."""
        self.state = LIFE[self.state, turn]

    def lost(self, last_heard_ms: int, reason: str, dice: float, at_least_ms: float = 0) -> float:
        """The connection is gone: returns how many milliseconds to wait (full jitter; `dice` in [0, 1)).

        `at_least_ms` is what the exchange asked for, and comes on top of the jitter.
        """
        if self.state is State.LIVE:
            self._deaf_since_ms, self._reason = last_heard_ms, reason
        self.turn(Turn.LOST)
        delay_ms = back_off_ms(self._tries, dice)
        self._tries += 1
        return at_least_ms + delay_ms

    def live(self, now_ms: int) -> Gap | None:
        """The stream is subscribed: returns the gap to tell first, if it had been live before."""
        self.turn(Turn.SUBSCRIBED)
        self._tries = 0
        if self._deaf_since_ms is None:
            return None
        since_ms, self._deaf_since_ms = self._deaf_since_ms, None
        until_ms = max(since_ms, now_ms)  # the exchange's clock may have been set back meanwhile
        return Gap(since_ms=since_ms, until_ms=until_ms, reason=self._reason)
