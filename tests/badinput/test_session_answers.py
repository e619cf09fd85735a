"""Nonsense over the WebSocket API: whoever asked hears what is certain, and the next request is answered."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import surefoot
from surefoot.credentials import Credentials
from surefoot.errors import CannotConnect, NoAnswer, NotDelivered, SurefootError
from surefoot.rules.retries import ONCE
from surefoot.spot.environments import Environment, local
from surefoot.spot.general import GetTime, ServerTime
from surefoot.spot.request import Request
from surefoot.values import Secret
from tests.badinput.babel import FRAMES, MESSAGES, Babel, babel
from tests.badinput.grounds import story
from tests.badinput.hostile import KEY, READS, WRITES, goes_on, must_answer_did_it_happen
from tests.net.frames import TEXT, frame, ws_peer
from tests.net.wires import peer

pytestmark = pytest.mark.usefixtures("impatient")


def spoken(message: bytes, id: int) -> bytes:
    """A good frame around bad words."""
    return frame(TEXT, message.replace(b"%d", b"%d" % id))


def client(environment: Environment, key: Credentials = KEY) -> surefoot.AsyncClient:
    spot = surefoot.AsyncClient(environment, key, transport="ws_api", retries=ONCE)
    spot.desk.allowance.learn((), spot.desk.now_ms())  # so that nobody asks for limits in between
    return spot


async def _ask(spot: surefoot.AsyncClient, request: Request[Any]) -> SurefootError:
    """It fails with one of surefoot's errors, and the next one does not."""
    with pytest.raises(SurefootError) as caught:
        async with asyncio.timeout(10):
            await spot.send(request, recv_window_ms=1)
    await goes_on(spot.send)
    return caught.value


@pytest.mark.parametrize("name", MESSAGES)
def test_bad_messages(name: str) -> None:
    async def told() -> None:
        found = Babel()
        async with babel(found) as environment, client(environment) as spot:
            for request in (READS[0], READS[3], *WRITES):
                found.said = lambda id: spoken(MESSAGES[name], id)
                must_answer_did_it_happen(request, await _ask(spot, request))

    story(told())


@pytest.mark.parametrize("name", FRAMES)
def test_bad_frames(name: str) -> None:
    async def told() -> None:
        found = Babel()
        async with babel(found) as environment, client(environment) as spot:
            for request in (READS[0], WRITES[0]):
                found.said = lambda _: FRAMES[name]
                must_answer_did_it_happen(request, await _ask(spot, request))

    story(told())


@pytest.mark.parametrize("name", MESSAGES)
def test_nonsense_instead_of_a_log_on(name: str, ed25519_key: Secret) -> None:
    """What waited for the connection was never sent, and its error says so."""

    async def told() -> None:
        found = Babel()
        key = Credentials(environment="local", api_key=Secret("k" * 64), private_key=ed25519_key)
        async with babel(found) as environment, client(environment, key) as spot:
            (await found.connection(1)).abort()
            with pytest.raises(SurefootError):
                await spot.send(READS[0])
            found.said = lambda id: spoken(MESSAGES[name], id)
            with pytest.raises(NotDelivered):
                await spot.send(WRITES[0])
            assert isinstance(await spot.send(GetTime()), ServerTime)

    story(told())


ANY = st.binary(max_size=60) | st.builds(
    lambda start, middle, end: start + middle + end,
    st.sampled_from(
        [b'{"id":%d,', b'{"id":%d,"status":200,"result":', b'{"subscriptionId":0,"event":', b'{"error":']
    ),
    st.binary(max_size=8) | st.sampled_from([b"{}", b"[1]", b'{"e":"x"}', b'"code":-1']),
    st.sampled_from([b"}", b"", b',"status":200}', b',"rateLimits":[]}']),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.lists(
        st.tuples(st.sampled_from((READS[0], WRITES[0])), ANY, st.booleans()), min_size=1, max_size=6
    )
)
def test_any_messages(asked: list[tuple[Request[Any], bytes, bool]]) -> None:
    """In a good frame, or as bytes on the wire; then the connection is cut, so that nobody waits."""

    async def told() -> None:
        found = Babel()
        found.ends = True
        async with babel(found) as environment, client(environment) as spot:
            for request, said, framed in asked:
                found.said = lambda id, said=said, framed=framed: spoken(said, id) if framed else said
                must_answer_did_it_happen(request, await _ask(spot, request))

    story(told())


@pytest.mark.parametrize("data", [*FRAMES.values(), frame(TEXT, b"[]"), frame(TEXT, b"nonsense")])
def test_nonsense_before_the_first_question(data: bytes) -> None:
    """It comes together with the handshake's answer, before anybody holds the connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await reader.read()

    async def told() -> None:
        async with ws_peer(talk) as port:
            at = f"//127.0.0.1:{port}"
            with pytest.raises((NotDelivered, NoAnswer)):
                async with client(local(f"http:{at}", f"ws:{at}", f"ws:{at}")):
                    pass

    story(told())


SWITCHED = b"HTTP/1.1 101 ?\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
HANDSHAKES: dict[str, bytes] = {
    "nothing": b"",
    "a page": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<p/>",
    "a refusal": b"HTTP/1.1 403 Forbidden\r\nRetry-After: \xb2\r\n\r\n",
    "no proof": SWITCHED + b"\r\n",
    "a wrong proof": SWITCHED + b"Sec-WebSocket-Accept: x\r\n\r\n",
    "a status in words": b"HTTP/1.1 good\r\n\r\n",
    "no colon": b"HTTP/1.1 101 ?\r\nno colon\r\n\r\n",
    "not ASCII": b"HTTP/1.1 101 \xff\r\n\xff: \xff\r\n\r\n",
    "a long header": b"HTTP/1.1 101 ?\r\nA: " + b"a" * 70_000,
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "noise": bytes(range(256)) + b"\r\n\r\n",
}


@pytest.mark.parametrize("data", HANDSHAKES.values(), ids=HANDSHAKES)
def test_bad_handshakes(data: bytes) -> None:
    async def told() -> None:
        await _cannot_connect(data)

    story(told())


async def _cannot_connect(data: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        writer.close()

    async with peer(script) as port:
        at = f"//127.0.0.1:{port}"
        with pytest.raises(CannotConnect):
            async with client(local(f"http:{at}", f"ws:{at}", f"ws:{at}")):
                pass


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=80) | st.lists(st.sampled_from([*b"HTTP/1.1 0:\r\n\xff"])).map(bytes))
def test_any_handshake(data: bytes) -> None:
    asyncio.run(_cannot_connect(data + b"\r\n\r\n"))
