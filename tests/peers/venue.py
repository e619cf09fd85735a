"""The embedded exchange as a process, and the other side of its trades."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from surefoot import Client, Credentials, Secret, local
from surefoot.spot.enums import OrderType, SelfTradePreventionMode, Side, TimeInForce

COMMAND = [sys.executable, "-m", "surefoot", "exchange", "--port", "0", "--json", "--liquidity", "none"]
BTC_USDT = "BTCUSDT"


class Venue:
    """Where the exchange listens, alice's keys (for the client under test), and bob, who trades with her."""

    def __init__(self, hello: dict[str, Any], bob: Client) -> None:
        alice = hello["accounts"][0]
        self.rest, self.ws, self.ws_api = hello["rest"], hello["ws"], hello["ws_api"]
        self.settings = {"rest": self.rest, "ws": self.ws, "ws_api": self.ws_api, **alice}
        self.bob = bob

    def offer(self, side: Side, price: str, quantity: str, symbol: str = BTC_USDT) -> int:
        """Bob puts a limit order in; returns its order id."""
        answer = self.bob.new_order(
            symbol,
            side,
            OrderType.LIMIT,
            time_in_force=TimeInForce.GTC,
            quantity=Decimal(quantity),
            price=Decimal(price),
            self_trade_prevention_mode=SelfTradePreventionMode.NONE,  # he is to trade with himself
        )
        return answer.order_id

    def sell(self, price: str, quantity: str, symbol: str = BTC_USDT) -> int:
        """Bob offers to sell, or sells to who bids that much."""
        return self.offer(Side.SELL, price, quantity, symbol)

    def buy(self, price: str, quantity: str, symbol: str = BTC_USDT) -> int:
        """Bob bids, or buys from who offers at that."""
        return self.offer(Side.BUY, price, quantity, symbol)

    def trade(self, price: str, quantity: str, symbol: str = BTC_USDT) -> None:
        """Bob trades with himself at a price of his choice."""
        self.sell(price, quantity, symbol)
        self.buy(price, quantity, symbol)


@contextmanager
def running() -> Iterator[Venue]:
    """An exchange of its own with empty books, on a free port."""
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            hello = json.loads(process.stdout.readline())
            environment = local(hello["rest"], hello["ws_api"], hello["ws"])
            keys = hello["accounts"][1]
            credentials = Credentials(
                environment="local", api_key=Secret(keys["api_key"]), secret=Secret(keys["secret"])
            )
            with Client(environment, credentials) as bob:
                yield Venue(hello, bob)
        finally:
            process.kill()
