"""The user data subscriptions of one WebSocket API connection: at most one for each account."""

from collections.abc import Callable, Sequence

from surefoot.exchange.door.hub import Hub
from surefoot.exchange.feeds.listeners import UserListener, Wire
from surefoot.serve.denial import Denial

_MOST_AT_ONCE = 1_000
_MOST_EVER = 65_535


class Subscriptions:
    """Numbered from 0 over the life of the connection. Those made by log-on end with it.

    `wire_of` says where the events of an account go, if not over `wire`.
    """

    def __init__(self, hub: Hub, wire: Wire, unit: int, wire_of: Callable[[str], Wire] | None = None) -> None:
        self._hub = hub
        self._wire_of = wire_of or (lambda _: wire)
        self._unit = unit
        self._active: dict[int, UserListener] = {}
        self._next = 0
        self._of_logon: set[int] = set()

    def numbers(self) -> Sequence[int]:
        """The subscriptions there are."""
        return tuple(self._active)

    def open(self, account: str, api_key: str = "", *, by_logon: bool = False) -> int:
        """Follow an account for as long as `api_key` is good; raises `Denial`: -2035 when already followed,
        -2042 when no number is left, -1191 when there are too many at once.
        """
        if any(listener.account == account for listener in self._active.values()):
            raise Denial(-2035, "User Data Stream subscription already active.")
        if self._next >= _MOST_EVER:
            raise Denial(-2042, "Maximum subscription ID reached for this connection.")
        if len(self._active) >= _MOST_AT_ONCE:
            text = f"Connection may create up to '{_MOST_AT_ONCE}' subscriptions at a time."
            raise Denial(-1191, f"Too many subscriptions. {text}")
        number, self._next = self._next, self._next + 1
        wire = self._wire_of(account)
        self._active[number] = UserListener(account, number, wire, self._unit, api_key, self._drop)
        self._hub.follow(self._active[number])
        if by_logon:
            self._of_logon.add(number)
        return number

    def close(self, number: int) -> UserListener:
        """End one; raises `Denial` -2036 when there is no such subscription."""
        listener = self._active.pop(number, None)
        if listener is None:
            raise Denial(-2036, "User Data Stream subscription not active.")
        self._hub.unfollow(listener)
        self._of_logon.discard(number)
        return listener

    def _drop(self, number: int) -> None:
        """The exchange ended it."""
        self._active.pop(number, None)
        self._of_logon.discard(number)

    def close_of_logon(self) -> list[UserListener]:
        """End those made by log-on, whichever key was logged on then."""
        return [self.close(number) for number in sorted(self._of_logon)]

    def close_all(self) -> list[UserListener]:
        """End all of them."""
        return [self.close(number) for number in tuple(self._active)]
