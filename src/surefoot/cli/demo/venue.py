"""Where the demo trades: an exchange process of its own, or a named environment with keys of the user's."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence

import msgspec

from surefoot.cli.edges import USAGE
from surefoot.cli.venues import redirected
from surefoot.credentials import Credentials, env
from surefoot.errors import CannotConnect, Forbidden, Misuse, ProtocolViolation, SurefootError
from surefoot.spot.environments import Environment, local, named
from surefoot.values import Secret

_PATIENCE_S = 5.0


class Venue(msgspec.Struct, frozen=True):
    """An environment, and the keys to trade there with: the first places over REST, the last over a
    session.
    """

    environment: Environment
    keys: tuple[Credentials, ...]
    description: str

    process: asyncio.subprocess.Process | None = None

    async def watch(self) -> None:
        """Raise `CannotConnect` when the exchange ends by itself; watches nothing that we did not start."""
        if self.process is not None:
            code = await self.process.wait()
            raise CannotConnect(f"the exchange process ended with code {code} in the middle; run it again")


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
    command = [sys.executable, "-m", "surefoot", "exchange", "--port", "0", "--json", "--parent-watch"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *arguments,
        stdin=asyncio.subprocess.PIPE,  # closed when we end, however we end, and then it ends too
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is ours: it must not lose the exchange before it has cleaned up
        limit=1 << 20,
    )
    try:
        yield await _hello(process)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    """Let go of it, which ends it, or end it by force in the end; what it complained about is passed on."""
    if process.stdin is not None:
        process.stdin.close()  # a signal would reap a dead process behind the back of the loop
    try:
        async with asyncio.timeout(_PATIENCE_S):
            sys.stderr.write(await _complaints(process))
    except TimeoutError:
        process.kill()
    await process.wait()


async def _complaints(process: asyncio.subprocess.Process) -> str:
    """What it said on standard error and nobody has read yet."""
    return (await process.stderr.read()).decode(errors="replace") if process.stderr else ""


async def _hello(process: asyncio.subprocess.Process) -> Venue:
    line = await process.stdout.readline() if process.stdout else b""
    if not line:
        said = await _complaints(process)
        raise _not_started(await process.wait(), said.strip().removeprefix("surefoot: "))
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
    return Venue(environment, (hmac, ed25519), where, process)


def _not_started(code: int, said: str) -> SurefootError:
    if code == USAGE:
        return Misuse(said)
    return CannotConnect(
        f"the exchange process ended with code {code} before it accepted connections: {said}"
    )


def elsewhere(name: str) -> Venue:
    """The environment called `name` with keys from the environment variables; refuses anything production."""
    environment = named(name)
    if environment.production:
        raise Forbidden(f"the demo places real orders, so it refuses {name}; use --env testnet")
    environment = redirected(environment)
    return Venue(environment, (env.load(name),), f"{name}, {environment.rest}")
