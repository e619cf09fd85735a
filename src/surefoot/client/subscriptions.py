"""Which streams one connection should carry, which it does, and what to ask next (pure)."""

from collections import deque
from collections.abc import Iterable

import msgspec

from surefoot.errors import Misuse

MOST_STREAMS = 1024
"""Streams that one connection may carry (official page *WebSocket Streams*)."""

CONTROL_EVERY_MS = 350
"""Least time between two control messages: with a ping and a pong they stay below five a second."""

_NAMES_A_MESSAGE = 200
_TARGET_CHARACTERS = 4_000
SUBSCRIBE, UNSUBSCRIBE, LIST = "SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS"


class Change(msgspec.Struct, frozen=True):
    """One control message: `method` and the streams it is about."""

    method: str
    names: tuple[str, ...] = ()


class Subscriptions:
    """What is wanted, in the order in which it was, and what one connection carries.

    A message that is refused as a whole is asked again in halves, until the stream at fault is alone.
    """

    def __init__(self) -> None:
        self._wanted: dict[str, None] = {}
        self._carried: dict[str, None] = {}
        self._halves: deque[tuple[str, ...]] = deque()

    def anew(self) -> "Subscriptions":
        """The same wishes, for another connection."""
        other = Subscriptions()
        other._wanted = self._wanted
        return other

    @property
    def carried(self) -> tuple[str, ...]:
        """The streams that the connection carries."""
        return tuple(self._carried)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The streams that every connection shall carry."""
        return tuple(self._wanted)

    @property
    def complete(self) -> bool:
        """Whether the connection carries what is wanted, and nothing else."""
        return self._wanted.keys() == self._carried.keys()

    def want(self, names: Iterable[str]) -> None:
        """Carry these too; raises `Misuse` where they would be too many for one connection."""
        asked = dict.fromkeys(names)
        total = len(self._wanted | asked)
        if total > MOST_STREAMS:
            raise Misuse(f"{total} streams: one connection carries {MOST_STREAMS} at most; open another")
        self._wanted |= asked

    def drop(self, names: Iterable[str]) -> None:
        """Carry these no more."""
        for name in names:
            self._wanted.pop(name, None)

    def carries(self, names: Iterable[str]) -> bool:
        """Whether the connection has what is wanted of these, and nothing else of them."""
        return all((name in self._wanted) is (name in self._carried) for name in names)

    def begin(self) -> tuple[str, ...]:
        """The streams to name in the target of a new connection; the others are asked for afterwards."""
        chosen, room = [], _TARGET_CHARACTERS
        for name in self._wanted:
            room -= len(name) + 1
            if room < 0:
                break
            chosen.append(name)
        self._carried, self._halves = dict.fromkeys(chosen), deque()
        return tuple(chosen)

    def next(self) -> Change | None:
        """What to ask of the connection now, if anything."""
        surplus = [name for name in self._carried if name not in self._wanted]
        if surplus:
            return Change(UNSUBSCRIBE, tuple(surplus[:_NAMES_A_MESSAGE]))
        while self._halves:
            half = tuple(name for name in self._halves.popleft() if self._missing(name))
            if half:
                return Change(SUBSCRIBE, half)
        missing = [name for name in self._wanted if name not in self._carried]
        return Change(SUBSCRIBE, tuple(missing[:_NAMES_A_MESSAGE])) if missing else None

    def settle(self, change: Change, *, refused: bool) -> str | None:
        """The answer to `change`; returns the stream that was refused for good, which is wanted no more."""
        if change.method == UNSUBSCRIBE:
            for name in change.names:
                self._carried.pop(name, None)
        elif not refused:
            self._carried |= dict.fromkeys(change.names)
        elif len(change.names) == 1:
            self.drop(change.names)
            return change.names[0]
        else:
            middle = len(change.names) // 2
            self._halves.extendleft((change.names[middle:], change.names[:middle]))
        return None

    def _missing(self, name: str) -> bool:
        return name in self._wanted and name not in self._carried
