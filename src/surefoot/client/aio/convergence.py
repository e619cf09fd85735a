"""Asks one connection of market streams for what is wanted, until it carries that, and whether it does."""

import asyncio
from collections.abc import Callable, Iterable

from surefoot.client.aio.market_socket import MarketSocket
from surefoot.client.roll_call import RollCall
from surefoot.client.subscriptions import LIST, Change, Subscriptions
from surefoot.codec.stream_messages import Acknowledged
from surefoot.errors import Facts, InvalidRequest
from surefoot.net.websocket import WebSocket


class Convergence:
    """The wanted streams, and a connection on its way to carrying them; `roll` is called to see what it lost.

    `refused` hears what the exchange refused: the name, and the error; `changed` that something was settled.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        market: MarketSocket,
        *,
        roll: RollCall,
        refused: Callable[[str, InvalidRequest], None],
        changed: Callable[[], None],
    ) -> None:
        self._subscriptions, self._market, self._roll = subscriptions, market, roll
        self._refused, self._changed = refused, changed
        self._turn = asyncio.Lock()

    @property
    def socket(self) -> WebSocket:
        """The connection."""
        return self._market.socket

    @property
    def busy(self) -> bool:
        """Whether somebody is asking."""
        return self._turn.locked()

    @property
    def settled(self) -> bool:
        """Whether the connection carries what is wanted, and nothing else."""
        return self._subscriptions.complete

    def arrived(self, names: Iterable[str]) -> bool:
        """Whether the connection carries these, if they are wanted, and does not, if they are not."""
        return self._subscriptions.carries(names)

    async def settle(self) -> None:
        """Ask until the connection carries what is wanted; raises `NoAnswer`."""
        async with self._turn:
            while (change := self._subscriptions.next()) is not None:
                answer = await self._market.ask(change)
                name = self._subscriptions.settle(change, refused=answer.refused)
                if name is not None:
                    self._refused(name, _refusal(name, answer))
                self._changed()
        self._changed()

    async def prove(self) -> bool:
        """Whether the exchange lists what the connection carries; raises `NoAnswer`."""
        before = self._subscriptions.carried
        answer = await self._market.ask(Change(LIST))
        if answer.listed is None:
            return True
        still = set(self._subscriptions.carried)
        return not self._roll.lost([name for name in before if name in still], answer.listed)


def _refusal(name: str, answer: Acknowledged) -> InvalidRequest:
    text = f"the exchange refused the stream {name!r}: {answer.message} ({answer.code})"
    return InvalidRequest(text, Facts(code=answer.code, message=answer.message))
