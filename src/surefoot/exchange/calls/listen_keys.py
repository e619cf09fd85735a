"""Listen keys, where a venue has them."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk


def start(desk: Desk, ask: Ask) -> Any:
    return {"listenKey": desk.listen_keys.start(ask.signer, ask.now_us)}


def ping(desk: Desk, ask: Ask) -> Any:
    desk.listen_keys.ping(ask.signer, ask.values["listenKey"], ask.now_us)
    return {}


def stop(desk: Desk, ask: Ask) -> Any:
    desk.listen_keys.stop(ask.signer, ask.values["listenKey"], ask.now_us)
    return {}


CALLS: Mapping[str, Call] = {
    "userDataStream.start": start,
    "userDataStream.ping": ping,
    "userDataStream.stop": stop,
}
