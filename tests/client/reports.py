"""An execution report, as the exchange spells it."""

import json

from surefoot.codec.streams import decode_user_event
from surefoot.spot.events import ExecutionReport

_REPORT = {
    "e": "executionReport",
    "s": "BTCUSDT",
    "c": "mine",
    "S": "BUY",
    "o": "LIMIT",
    "f": "GTC",
    "g": -1,
    "C": "",
    "x": "TRADE",
    "X": "FILLED",
    "r": "NONE",
    "N": "BTC",
    "t": 1,
    "w": False,
    "m": True,
    "M": False,
    "O": 1,
} | dict.fromkeys("qpPFlzLnZYQ", "1")


def report(execution_id: int, *, order_id: int = 77, time: int = 1) -> ExecutionReport:
    """One that differs in this only."""
    told = decode_user_event(
        json.dumps(_REPORT | {"I": execution_id, "i": order_id, "E": time, "T": time}).encode()
    )
    assert isinstance(told, ExecutionReport)
    return told
