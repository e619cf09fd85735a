"""surefoot's market streams as its documentation uses them, and the bare foundation they stand on."""

import asyncio
from decimal import Decimal

import msgspec
import picows
import uvloop

from benchmarks import desk
from benchmarks.chunks import Flow, flow_of
from benchmarks.figures import Worked
from benchmarks.market import TICKER_STREAM
from surefoot.client.aio import AsyncClient, StreamOptions

_HEAD = len(f'{{"stream":"{TICKER_STREAM}","data":')


class _Ticker(msgspec.Struct, frozen=True, gc=False):
    u: int
    s: str
    b: Decimal
    B: Decimal
    a: Decimal
    A: Decimal


class _Bare(picows.WSListener):
    def __init__(self, flow: Flow) -> None:
        self._hear, self._decode = flow.hear, msgspec.json.Decoder(_Ticker).decode

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        self._hear(self._decode(frame.get_payload_as_bytes()[_HEAD:-1]))


async def _bare(seconds: float, port: int) -> Worked:
    flow, over = flow_of(seconds)
    url = f"ws://127.0.0.1:{port}/stream?streams={TICKER_STREAM}"
    transport, _ = await picows.ws_connect(lambda: _Bare(flow), url)
    await over
    transport.disconnect()
    return flow.worked()


async def _callback(seconds: float, port: int) -> Worked:
    flow, over = flow_of(seconds)
    client = AsyncClient(desk.environment(port))
    async with client.stream(TICKER_STREAM, callback=flow.hear):
        await over
    return flow.worked()


async def _iterated(seconds: float, port: int) -> Worked:
    flow, _ = flow_of(seconds)
    client = AsyncClient(desk.environment(port))
    async with client.stream(TICKER_STREAM, options=StreamOptions(conflate=False)) as stream:
        async for event in stream:
            flow.hear(event)
            if flow.over:
                break
    return flow.worked()


def bare(seconds: float, port: int) -> Worked:
    """picows and msgspec with a struct of their own, on uvloop: nothing else."""
    return uvloop.run(_bare(seconds, port))


def callback(seconds: float, port: int) -> Worked:
    """Typed events to a callback, on uvloop."""
    return uvloop.run(_callback(seconds, port))


def iterated(seconds: float, port: int) -> Worked:
    """Typed events iterated, all of them, on uvloop."""
    return uvloop.run(_iterated(seconds, port))


def asyncio_callback(seconds: float, port: int) -> Worked:
    """Typed events to a callback, on asyncio's own loop."""
    return asyncio.run(_callback(seconds, port))
