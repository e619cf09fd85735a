"""Where the demo trades: an exchange process of its own, or a named environment with keys of the user's."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Sequence

import msgspec

from surefoot.credentials import Credentials, env
from surefoot.errors import CannotConnect, Forbidden, ProtocolViolation
from surefoot.spot.environments import Environment, local, named
from surefoot.values import Secret

REST, WS_API, STREAMS = "SUREFOOT_REST_URL", "SUREFOOT_WS_API_URL", "SUREFOOT_STREAMS_URL"


class Venue(msgspec.Struct, frozen=True):
    """An environment, and the keys to trade there with: the first places over REST, the last over a
    session.
    """

    environment: Environment
    keys: tuple[Credentials, ...]
    description: str


class _Key(msgspec.Struct):
    api_key: str
    secret: str
    ed25519_api_key: str
    ed25519_private_key: str


class _Hello(msgspec.Struct):
    rest: str
    ws: str
    ws_api: str
    accounts: list[_Key]


@contextlib.asynccontextmanager
async def embedded(arguments: Sequence[str]) -> AsyncIterator[Venue]:
    """Start ``surefoot exchange`` as a process of its own and stop it at the end."""
    command = [sys.executable, "-m", "surefoot", "exchange", "--port", "0", "--json", *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, limit=1 << 20
    )
    try:
        yield await _hello(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _hello(process: asyncio.subprocess.Process) -> Venue:
    line = await process.stdout.readline() if process.stdout else b""
    if not line:
        code = await process.wait()
        raise CannotConnect(f"the exchange process ended with code {code} before it accepted connections")
    try:
        hello = msgspec.json.decode(line, type=_Hello)
    except msgspec.DecodeError as error:
        raise ProtocolViolation(f"the exchange process said something unexpected: {error}") from None
    environment = local(hello.rest, hello.ws_api, hello.ws)
    key = hello.accounts[0]
    hmac = Credentials(environment="local", api_key=Secret(key.api_key), secret=Secret(key.secret))
    ed25519 = Credentials(
        environment="local",
        api_key=Secret(key.ed25519_api_key),
        private_key=Secret(key.ed25519_private_key),
    )
    where = f"embedded exchange, process {process.pid}, {hello.rest}"
    return Venue(environment, (hmac, ed25519), where)


def elsewhere(name: str) -> Venue:
    """The environment called `name` with keys from the environment variables; refuses anything production."""
    environment = named(name)
    if environment.production:
        raise Forbidden("the demo places real orders, so it refuses production; use --env testnet")
    overrides = {
        "rest": os.environ.get(REST),
        "ws_api": os.environ.get(WS_API),
        "streams": os.environ.get(STREAMS),
    }
    changed = {field: url for field, url in overrides.items() if url}
    environment = msgspec.structs.replace(environment, **changed)
    return Venue(environment, (env.load(name),), f"{name}, {environment.rest}")
