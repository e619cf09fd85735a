"""Which orders cross the network, how often, and which the exchange refused at its gate."""

import re
from collections import Counter

from surefoot.simulation.network import Connection, Tap
from surefoot.simulation.readable import readable
from surefoot.simulation.transport import Transport

_NAMED = re.compile(rb'(?:new|list)ClientOrderId(?:=|":")([A-Za-z0-9_-]+)')
_CANCEL = re.compile(rb'DELETE |\{"id":"?\d+"?,"method":"(?:order|orderList|openOrders)\.cancel(?:All)?"')
_ID = re.compile(rb'\{"id":"?(\d+)')
_LIMITED = re.compile(rb'HTTP/1\.1 429 |"status":429\b')
_STALE = re.compile(rb'"code":-1021\b')


class Crossings:
    """`crossed` counts orders by their client order id, as they are written; `stale` and `limited` those that
    were answered -1021 or 429: nothing happened to these.
    """

    def __init__(self, exchange: str) -> None:
        self._exchange = exchange
        self.crossed: Counter[str] = Counter()
        self.stale: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self._asked: dict[tuple[int, bytes], str] = {}

    def before(self, tap: Tap) -> Tap:
        """The tap that looks at every write, before any fault, and then asks `tap`."""

        def look(connection: Connection, sender: Transport, data: bytes) -> bool:
            if sender.outgoing.link.target == self._exchange:
                self._wrote(connection.number, readable(data))
            elif sender.outgoing.link.source == self._exchange:
                self._answered(connection.number, data)
            return tap(connection, sender, data)

        return look

    def _wrote(self, connection: int, text: bytes) -> None:
        """A cancel that is sent again does no harm, and names no order of its own."""
        if _CANCEL.match(text):
            return
        for named in _NAMED.findall(text):
            id = named.decode()
            self.crossed[id] += 1
            self._asked[connection, _number(text)] = id

    def _answered(self, connection: int, data: bytes) -> None:
        limited, stale = _LIMITED.search(data), _STALE.search(data)
        if limited or stale:
            id = self._asked.pop((connection, _number(data)), None)
            if id is not None:
                (self.limited if limited else self.stale)[id] += 1


def _number(text: bytes) -> bytes:
    """Which question of a WebSocket it is; over REST there is one at a time."""
    found = _ID.search(text)
    return found[1] if found else b""
