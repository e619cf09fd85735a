"""Asks a connection of market streams for what is wanted, until it carries just that."""

import asyncio
from collections.abc import Callable, Iterable

from surefoot.client.aio.market_socket import MarketSocket
from surefoot.client.subscriptions import Subscriptions
from surefoot.codec.stream_messages import Acknowledged
from surefoot.errors import Facts, InvalidRequest, NoAnswer


class Convergence:
    """The wanted streams, and the present connection on its way to carrying them.

    `on_refused` hears what the exchange refused: the name, and the error. `changed` is set whenever something
    was settled, and then is another event.
    """

    def __init__(self, on_refused: Callable[[str, InvalidRequest], None]) -> None:
        self._on_refused = on_refused
        self._socket: MarketSocket | None = None
        self._turn = asyncio.Lock()
        self.subscriptions = Subscriptions()
        self.changed = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether somebody is asking."""
        return self._turn.locked()

    def begin(self, socket_to: Callable[[tuple[str, ...]], MarketSocket]) -> tuple[MarketSocket, list[str]]:
        """A new connection, made for the streams that its target names."""
        names = self.subscriptions.begin()
        self._socket = socket_to(names)
        return self._socket, list(names)

    def arrived(self, names: Iterable[str]) -> bool:
        """Whether the connection carries these, if they are wanted, and does not, if they are not."""
        return self.subscriptions.carries(names)

    async def converge(self) -> None:
        """Ask until the present connection carries what is wanted; raises `NoAnswer`. Ends early when another
        connection takes its place.
        """
        async with self._turn:
            socket = self._socket
            while (change := self.subscriptions.next()) is not None and socket is not None:
                try:
                    answer = await socket.ask(change)
                except NoAnswer:
                    if socket is self._socket:
                        raise
                    break
                if socket is not self._socket:
                    break
                name = self.subscriptions.settle(change, refused=answer.refused)
                if name is not None:
                    self._on_refused(name, _refusal(name, answer))
                self.wake()
        self.wake()

    def wake(self) -> None:
        """Let everybody look again."""
        self.changed.set()
        self.changed = asyncio.Event()


def _refusal(name: str, answer: Acknowledged) -> InvalidRequest:
    text = f"the exchange refused the stream {name!r}: {answer.message} ({answer.code})"
    return InvalidRequest(text, Facts(code=answer.code, message=answer.message))
