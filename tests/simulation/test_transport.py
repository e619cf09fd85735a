"""Both ends of a connection: order, flow control, half-close, abort, errors of protocols."""

import asyncio
from socket import SO_LINGER, SOL_SOCKET
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.simulation.runner import Simulation, SimulationFailed
from surefoot.simulation.wire import Weather


def test_bytes_keep_their_order_though_every_segment_draws_its_own_latency(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        text = b"".join(b"%06d" % n for n in range(2000))
        for start in range(0, len(text), 7):
            ear.transport.write(text[start : start + 7])
        ear.transport.writelines([b"the", bytearray(b" "), memoryview(b"end")])
        await asyncio.sleep(10)
        assert scene.server.heard == text + b"the end"
        assert len(scene.server.pieces) > 1000
        ear.transport.close()

    play(story, Simulation(3, weather=Weather(latency_ms=0, jitter_ms=500, split=0.3, join=0.3)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=9000))
def test_any_weather_delivers_every_byte_once(seed: int, data: bytes) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(-1))
        writer.close()

    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("server", 80)
        writer.write(data)
        writer.write_eof()
        answer = await reader.read(-1)
        writer.close()
        return answer

    async def story(sim: Simulation) -> None:
        listener = await sim.host("server").start(asyncio.start_server(echo, None, 80))
        assert await sim.host("client").start(ask()) == data
        listener.close()

    Simulation(seed, weather=Weather(jitter_ms=100, split=0.5, join=0.5)).run(story)


def test_pieces_are_split_and_joined(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        for _ in range(200):
            ear.transport.write(b"12345678")
        await asyncio.sleep(10)
        sizes = {len(piece) for piece in scene.server.pieces}
        assert min(sizes) < 8 < max(sizes)
        ear.transport.close()

    play(story, Simulation(1, weather=Weather(split=0.2, join=0.3)))


class Buffered(asyncio.BufferedProtocol):
    def __init__(self) -> None:
        self.heard = bytearray()
        self.buffer = bytearray(5)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.heard += self.buffer[:nbytes]


def test_a_buffered_protocol_is_filled_through_its_own_buffer(play) -> None:
    async def story(scene) -> None:
        transport, protocol = await scene.sim.loop.create_connection(Buffered, "server", 80)
        transport.write(b"hello, world")
        await asyncio.sleep(1)
        assert protocol.heard == b"HELLO, WORLD"
        transport.close()

    play(story, say=bytes.upper)


def test_a_protocol_can_hand_its_transport_over(play) -> None:
    async def story(scene) -> None:
        ear, heir = await scene.dial(), Buffered()
        ear.transport.set_protocol(heir)
        assert ear.transport.get_protocol() is heir
        ear.transport.write(b"for the heir")
        await asyncio.sleep(1)
        assert (ear.heard, heir.heard) == (b"", b"FOR THE HEIR")
        ear.transport.close()

    play(story, say=bytes.upper)


def test_paused_reading_keeps_bytes_and_makes_the_writer_pause(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        await asyncio.sleep(1)
        scene.server.transport.pause_reading()
        assert not scene.server.transport.is_reading()
        ear.transport.write(b"x" * 300_000)
        assert ear.transport.get_write_buffer_size() > 65_536
        await asyncio.sleep(5)
        assert scene.server.heard == b""
        assert ear.events == ["made", "pause"]
        scene.server.transport.resume_reading()
        await asyncio.sleep(5)
        assert len(scene.server.heard) == 300_000
        assert ear.events == ["made", "pause", "resume"]
        ear.transport.close()

    play(story)


def test_write_buffer_limits(play) -> None:
    async def story(scene) -> None:
        transport = (await scene.dial()).transport
        transport.set_write_buffer_limits(high=1000)
        assert transport.get_write_buffer_limits() == (250, 1000)
        transport.set_write_buffer_limits(low=10)
        assert transport.get_write_buffer_limits() == (10, 40)
        with pytest.raises(ValueError, match="high"):
            transport.set_write_buffer_limits(high=1, low=2)
        transport.close()

    play(story)


def test_close_delivers_what_was_written_even_through_a_full_buffer(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        await asyncio.sleep(1)
        scene.server.transport.pause_reading()
        ear.transport.write(b"x" * 300_000)
        ear.transport.close()
        ear.transport.write(b"too late")
        await asyncio.sleep(5)
        assert not ear.lost.done()
        scene.server.transport.resume_reading()
        assert await ear.lost is None
        await scene.server.lost
        assert scene.server.heard == b"x" * 300_000

    play(story)


def test_an_end_is_seen_and_answered(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        assert ear.transport.can_write_eof()
        ear.transport.write(b"bye")
        ear.transport.write_eof()
        ear.transport.write_eof()
        with pytest.raises(RuntimeError):
            ear.transport.write(b"more")
        assert await ear.lost is None
        assert scene.server.heard == b"bye"
        assert scene.server.events == ["made", "end", type(None)]

    play(story)


def test_abort_is_seen_as_an_end(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.abort()
        ear.transport.abort()
        assert ear.transport.is_closing()
        assert await ear.lost is None
        assert await scene.server.lost is None

    play(story)


def test_abort_without_lingering_is_seen_as_a_reset(play) -> None:
    """As asyncio on TCP after SO_LINGER with no time."""

    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
        ear.transport.abort()
        await asyncio.sleep(1)
        assert isinstance(await scene.server.lost, ConnectionResetError)

    play(story)


def test_abort_with_a_full_buffer_is_seen_as_a_reset(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        await asyncio.sleep(1)
        scene.server.transport.pause_reading()
        ear.transport.write(b"x" * 300_000)
        ear.transport.abort()
        assert isinstance(await scene.server.lost, ConnectionResetError)

    play(story)


def test_bytes_for_a_closed_end_come_back_as_a_reset(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        await asyncio.sleep(1)
        scene.server.transport.write(b"crossing")
        ear.transport.close()
        await scene.server.lost
        assert ear.heard == b""

    play(story)


class Broken(asyncio.Protocol):
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = exc

    def data_received(self, data: bytes) -> None:
        raise ValueError("cannot read this")


def test_a_protocol_that_raises_is_reported_and_loses_its_connection(play) -> None:
    async def story(scene) -> None:
        transport, protocol = await scene.sim.loop.create_connection(Broken, "server", 80)
        transport.write(b"x")
        await asyncio.sleep(1)
        assert isinstance(protocol.lost, ValueError)

    with pytest.raises(SimulationFailed, match="unhandled: Fatal error: data_received of Broken"):
        play(story, say=bytes.upper)


def test_text_is_refused(play) -> None:
    async def story(scene) -> None:
        transport = (await scene.dial()).transport
        with pytest.raises(TypeError):
            transport.write("text")
        transport.write(b"")
        transport.close()

    play(story)
