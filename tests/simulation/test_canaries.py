"""Libraries that run under the product, unmodified, on the virtual loop: what they rely on must stay true."""

import asyncio
from contextlib import suppress

import pytest
from picows.api import ws_connect, ws_create_server
from picows.picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from surefoot.simulation.faults import Cut, Moment
from surefoot.simulation.runner import Simulation
from surefoot.simulation.wire import Weather


class Caller(WSListener):
    """Collects texts; `closed` is done when the connection is over."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.closed = asyncio.get_running_loop().create_future()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self.heard.append(frame.get_payload_as_bytes())

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.closed.set_result(None)


class Echo(WSListener):
    """Answers texts in capitals and closes with closes."""

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            transport.send(WSMsgType.TEXT, frame.get_payload_as_bytes().upper())


async def call(texts: list[bytes]) -> list[bytes]:
    transport, caller = await ws_connect(Caller, "ws://server:80/", use_aiofastnet=False)
    for text in texts:
        transport.send(WSMsgType.TEXT, text)
        await asyncio.sleep(30)
    with suppress(RuntimeError):
        transport.send_close(WSCloseCode.OK)
    await caller.closed
    return caller.heard


def run_picows(sim: Simulation, texts: list[bytes]) -> tuple[list[bytes], str]:
    heard: list[bytes] = []

    async def story(sim: Simulation) -> None:
        listener = await sim.host("server").start(
            ws_create_server(lambda _request: Echo(), "0.0.0.0", 80, use_aiofastnet=False)
        )
        heard.extend(await sim.host("client").start(call(texts)))
        listener.close()

    return heard, sim.run(story).trace_hash


@pytest.mark.parametrize("weather", [Weather(), Weather(split=0.5, join=0.5, jitter_ms=50)])
def test_picows_talks_to_itself_and_repeats_itself(weather: Weather) -> None:
    texts = [b"hello", b"x" * 100_000]
    heard, first = run_picows(Simulation(5, weather=weather), texts)
    assert heard == [b"HELLO", b"X" * 100_000]
    assert run_picows(Simulation(5, weather=weather), texts) == (heard, first)
    assert run_picows(Simulation(6, weather=weather), texts)[1] != first


def test_a_fault_finds_words_in_masked_frames() -> None:
    plan = (Cut(words=b"order.place", nth=1, moment=Moment.REQUEST_LOST),)
    heard, _ = run_picows(Simulation(0, plan=plan), [b"one", b'{"method":"order.place"}', b"never said"])
    assert heard == [b"ONE"]
