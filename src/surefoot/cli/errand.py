"""A trader as a process of its own, which places one order: ``python -m surefoot.cli.errand``, for the demo.

What it needs is said in one line on standard input, because a process's arguments can be seen by others. It
says on standard output when it trades.
"""

import asyncio
import sys
from decimal import Decimal

import msgspec

from surefoot.credentials import Credentials
from surefoot.execution.aio import Trader
from surefoot.execution.intent import LimitOrder
from surefoot.execution.policy import Policy
from surefoot.spot.enums import Side
from surefoot.spot.environments import local
from surefoot.values import Secret


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Where, for whom, and what to buy."""

    rest: str
    ws_api: str
    streams: str
    api_key: str
    private_key: str
    journal: str
    account: str
    symbol: str
    quantity: Decimal
    price: Decimal

    def trader(self) -> Trader:
        """The trader that it is for: the same one for the process that dies and for the one after it."""
        key = Credentials(
            environment="local", api_key=Secret(self.api_key), private_key=Secret(self.private_key)
        )
        return Trader(
            local(self.rest, self.ws_api, self.streams),
            key,
            journal=self.journal,
            account=self.account,
            policy=Policy(symbols={self.symbol}),
            transport="ws_api",
            strategy="demo",
        )


async def _trade(errand: Errand) -> None:
    async with errand.trader() as trader:
        print("trading", flush=True)
        await trader.place(LimitOrder(errand.symbol, Side.BUY, errand.quantity, errand.price))
        print("known", flush=True)


def main() -> None:
    """Read the errand and run it."""
    asyncio.run(_trade(msgspec.json.decode(sys.stdin.readline(), type=Errand)))


if __name__ == "__main__":
    main()
