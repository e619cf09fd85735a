"""Many at once: signed orders to the exchange in the box, from raw sockets, signed just before the round.

Orders go round in fours on every connection: alice sells to bob, then bob sells to alice, at one price. So
every other order trades, nobody runs out of anything, and few orders rest at any time.
"""

import selectors
import socket
import sys
from itertools import cycle
from typing import Any

import msgspec

from benchmarks import desk
from benchmarks.chunks import together
from benchmarks.figures import Worked
from benchmarks.raw import connected
from surefoot.client.rest import RestSpelling
from surefoot.credentials import Credentials
from surefoot.spot.enums import Side
from surefoot.values import Secret

CONNECTIONS = 16
BATCH = CONNECTIONS * 24
"""Orders in a chunk."""

_WINDOW_MS = 60_000
_RECEIVE = 65_536
_LENGTH = b"content-length:"


def _requests(accounts: list[dict[str, Any]], port: int) -> list[bytes]:
    keys = [
        Credentials(environment="local", api_key=Secret(keys["api_key"]), secret=Secret(keys["secret"]))
        for keys in accounts
    ]
    alice, bob = (RestSpelling(desk.desk(key, port)) for key in keys)
    turns = ((alice, Side.SELL), (bob, Side.BUY), (bob, Side.SELL), (alice, Side.BUY))
    return [spelling.http(spelling.spell(desk.anonymous_order(side), _WINDOW_MS)) for spelling, side in turns]


class Customer:
    """One connection: an order, its answer, the next order."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self.socket: socket.socket = connected(port)
        self._requests = cycle(requests)
        self._heard = b""

    def ask(self) -> None:
        """Send the next order."""
        self.socket.sendall(next(self._requests))

    def answered(self) -> bool:
        """Read what there is: whether that was the whole answer. Raises for one that is not an order."""
        heard = self._heard = self._heard + self.socket.recv(_RECEIVE)
        if len(heard) < _size(heard):
            return False
        if not heard.startswith(b"HTTP/1.1 200 ") or b'"orderId"' not in heard:
            raise AssertionError(heard)
        self._heard = b""
        return True


def _size(heard: bytes) -> int:
    """Bytes of the whole answer; more than there are while that cannot be told."""
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return len(heard) + 1
    head = heard[:end].lower()
    at = head.index(_LENGTH) + len(_LENGTH)
    return end + 4 + int(head[at:].split(b"\r", 1)[0])


def orders(seconds: float, port: int) -> Worked:
    """All connections at once; standard input says what the exchange has announced."""
    announced = msgspec.json.decode(sys.stdin.buffer.read())
    requests = _requests(announced["accounts"], port)
    selector = selectors.DefaultSelector()
    customers = [Customer(port, requests) for _ in range(CONNECTIONS)]
    for customer in customers:
        selector.register(customer.socket, selectors.EVENT_READ, customer)

    def many() -> int:
        left = dict.fromkeys(customers, BATCH // CONNECTIONS)
        for customer in customers:
            customer.ask()
        while left:
            for key, _ in selector.select():
                customer = key.data
                if customer.answered():
                    left[customer] -= 1
                    if left[customer]:
                        customer.ask()
                    else:
                        del left[customer]
        return BATCH

    return together(many, seconds)
