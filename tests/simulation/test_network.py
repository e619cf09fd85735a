"""Connections as asyncio knows them: dialling, names, refusals, closing, cutting."""

import asyncio
import errno
import socket

import pytest

from surefoot.errors import Misuse
from surefoot.simulation.loop import VirtualLoop
from surefoot.simulation.runner import Simulation


def test_two_hosts_talk_and_know_each_other(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.write(b"hello")
        await asyncio.sleep(1)
        assert scene.server.heard == b"hello"
        assert ear.heard == b"HELLO"
        assert ear.transport.get_extra_info("peername") == ("10.0.0.1", 80)
        assert ear.transport.get_extra_info("sockname") == scene.server.transport.get_extra_info("peername")
        assert ear.transport.get_extra_info("sockname")[0] == "10.0.0.2"
        ear.transport.close()

    play(story, say=bytes.upper)


def test_the_socket_has_no_descriptor_and_ignores_options(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        sock = ear.transport.get_extra_info("socket")
        assert sock.fileno() == -1
        assert sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) is None
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        assert sock.getpeername() == ("10.0.0.1", 80)
        assert ear.transport.get_extra_info("sslcontext") is None
        ear.transport.close()

    play(story)


def test_latency_is_virtual_time(play) -> None:
    async def story(scene) -> None:
        began = scene.sim.loop.time()
        ear = await scene.dial()
        assert 0.002 <= scene.sim.loop.time() - began <= 0.003
        ear.transport.close()

    play(story)


@pytest.mark.parametrize(
    ("host", "port", "error"),
    [
        ("server", 81, ConnectionRefusedError),
        ("10.0.0.1", 81, ConnectionRefusedError),
        ("localhost", 80, ConnectionRefusedError),
        ("nowhere", 80, socket.gaierror),
    ],
)
def test_nobody_there(play, host: str, port: int, error: type[OSError]) -> None:
    async def story(scene) -> None:
        with pytest.raises(error):
            await scene.sim.loop.create_connection(asyncio.Protocol, host, port)

    play(story)


def test_a_refusing_host_refuses_until_healed(play) -> None:
    async def story(scene) -> None:
        scene.sim.network.refusing.add("server")
        with pytest.raises(ConnectionRefusedError):
            await scene.dial()
        scene.sim.heal()
        (await scene.dial()).transport.close()

    play(story)


def test_dialling_into_silence_times_out_after_two_minutes_or_succeeds_when_it_ends(play) -> None:
    async def story(scene) -> None:
        loop, link = scene.sim.loop, scene.sim.network.link("client", "server")
        link.silence()
        with pytest.raises(TimeoutError):
            await scene.dial()
        assert loop.time() >= 127
        loop.call_later(2.5, link.speak)
        (await scene.dial()).transport.close()

    play(story)


def test_a_cancelled_dial_leaves_nothing_behind(play) -> None:
    async def story(scene) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.0015):
                await scene.dial()
        await asyncio.sleep(1)
        assert scene.server.events == ["made", "end", type(None)]

    play(story)


def test_a_loopback_listener_is_for_its_own_host_only(play) -> None:
    async def story(scene) -> None:
        loop = scene.sim.loop
        listener = await loop.create_server(scene.accept, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        transport, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
        transport.close()

        async def stranger() -> None:
            with pytest.raises(ConnectionRefusedError):
                await loop.create_connection(asyncio.Protocol, "client", port)

        await scene.sim.host("server").start(stranger())
        listener.close()

    play(story)


def test_a_port_is_taken_once_and_free_again(play) -> None:
    async def story(scene) -> None:
        loop = scene.sim.loop
        listener = await loop.create_server(scene.accept, None, 99)
        with pytest.raises(OSError, match="already in use") as caught:
            await loop.create_server(scene.accept, None, 99)
        assert caught.value.errno == errno.EADDRINUSE
        listener.close()
        await listener.wait_closed()
        assert not listener.is_serving()
        (await loop.create_server(scene.accept, None, 99)).close()

    play(story)


def test_listening_outside_of_a_host_is_misuse() -> None:
    async def story(sim: Simulation) -> None:
        with pytest.raises(Misuse):
            await sim.loop.create_server(asyncio.Protocol, None, 80)

    Simulation(0).run(story)


def test_getaddrinfo_gives_simulated_addresses(play) -> None:
    async def story(scene) -> None:
        loop = scene.sim.loop
        assert isinstance(loop, VirtualLoop)
        assert (await loop.getaddrinfo("server", 80))[0][4] == ("10.0.0.1", 80)

    play(story)


def test_a_cut_resets_both_ends_and_drops_what_was_on_its_way(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        ear.transport.write(b"lost")
        scene.sim.network.cut("client", "server")
        assert isinstance(await ear.lost, ConnectionResetError)
        assert isinstance(await scene.server.lost, ConnectionResetError)
        assert scene.server.heard == b""

    play(story)


def test_streams_of_asyncio_run_unmodified(play) -> None:
    async def story(scene) -> None:
        reader, writer = await asyncio.open_connection("server", 80)
        for line in (b"one\n", b"two\n" * 100_000):
            writer.write(line)
            await writer.drain()
            assert await reader.readexactly(len(line)) == line.upper()
        writer.close()
        await writer.wait_closed()

    play(story, say=bytes.upper)


def test_a_listener_ends_its_clients(play) -> None:
    async def story(scene) -> None:
        ear = await scene.dial()
        listener = await scene.sim.loop.create_server(scene.accept, None, 99)
        _, other = await scene.sim.loop.create_connection(type(ear), "client", 99)
        listener.close_clients()
        await other.lost
        _, third = await scene.sim.loop.create_connection(type(ear), "client", 99)
        listener.abort_clients()
        await third.lost
        listener.close()
        ear.transport.close()

    play(story)
