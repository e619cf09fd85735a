"""`surefoot exchange`: the exchange in the box as a process of its own."""

import asyncio
import gzip
import os
import signal
import sys
import zlib
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter
from rich.console import Console

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account
from surefoot.exchange.assembly import assemble
from surefoot.exchange.liquidity import Liquidity
from surefoot.exchange.recording import Recording, read_recording
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.tls import server_context
from surefoot.world import SeededEntropy, World, system_world

USAGE = 2
_LAST_PORT = 65_535
_GZIPPED = b"\x1f\x8b"
_Files = Annotated[tuple[Path, ...], Parameter(consume_multiple=True)]


def exchange(
    *,
    port: int = 9000,
    host: str = "127.0.0.1",
    symbols: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    exchange_info: Path | None = None,
    replay: _Files = (),
    liquidity: Literal["none", "quiet", "lively"] | None = None,
    seed: int | None = None,
    clock_skew_ms: float = 0,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    json: bool = False,
    parent_watch: bool = False,
) -> int:
    """Run an embedded Binance Spot exchange until interrupted: REST, WebSocket API and streams on one port.

    Parameters
    ----------
    port
        Where to listen; 0 picks a free port.
    host
        Loopback by default; any other address needs --tls-cert and --tls-key.
    symbols
        List only these symbols.
    exchange_info
        Exchange information recorded from GET /api/v3/exchangeInfo (JSON, may be gzipped).
    replay
        Recorded streams that drive the books of their symbols, and the depth snapshots of the same moment
        (a file streams-X finds its neighbour rest-X by itself).
    liquidity
        Synthetic markets for the other symbols. Default: quiet, with --replay none.
    seed
        Makes keys, ids and the market the same every time. Without it keys are unguessable.
    clock_skew_ms
        How far the exchange's clock is ahead of this machine's.
    tls_cert, tls_key
        Serve TLS with this certificate and key (PEM).
    json
        Announce readiness as one JSON object: rest, ws, ws_api, accounts.
    parent_watch
        Also stop when standard input is closed.
    """
    errors = Console(stderr=True, highlight=False)
    try:
        server = assemble(
            _world(seed),
            info=_info(exchange_info) if exchange_info else None,
            symbols=symbols,
            liquidity=Liquidity(liquidity or ("none" if replay else "quiet")),
            recording=_recording(replay) if replay else None,
            market=None if seed is None else SeededEntropy(f"{seed}/market"),
            binding=_binding(host, port, tls_cert, tls_key),
            clock_skew_ms=clock_skew_ms,
        )
        _run(_serve(server, json=json, parent_watch=parent_watch))
    except Misuse as error:
        errors.print(f"surefoot exchange: {error}", markup=False, soft_wrap=True)
        return USAGE
    return 0


def _run(work: Coroutine[Any, Any, None]) -> None:
    """On uvloop where it is installed: it serves about twice as many orders a second."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ModuleNotFoundError:
        asyncio.run(work)
    else:
        uvloop.run(work)


def _world(seed: int | None) -> World:
    world = system_world()
    if seed is None:
        return world
    return World(world.clock, SeededEntropy(f"{seed}/keys"), world.storage)


def _binding(host: str, port: int, cert: Path | None, key: Path | None) -> Binding:
    if not 0 <= port <= _LAST_PORT:
        raise Misuse(f"port {port} does not exist; choose one from 1 to {_LAST_PORT}, or 0 for any free one")
    if (cert is None) != (key is None):
        raise Misuse("--tls-cert and --tls-key belong together; give both or none")
    if cert is None or key is None:
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise Misuse(f"{host} is not a loopback address; give --tls-cert and --tls-key to listen there")
        return Binding(host, port)
    return Binding(host, port, server_context(str(cert), str(key)))


def _opened(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Misuse(f"cannot read {path}: {error.strerror}; check the path") from None
    if data[:2] != _GZIPPED:
        return data
    try:
        return gzip.decompress(data)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Misuse(f"{path} is a damaged gzip file ({error}); fetch it again") from None


def _info(path: Path) -> Any:
    try:
        info = msgspec.json.decode(_opened(path))
    except msgspec.DecodeError as error:
        raise Misuse(f"{path} is not JSON ({error}); give an answer of GET /api/v3/exchangeInfo") from None
    if not isinstance(info, dict) or not info.get("symbols") or "rateLimits" not in info:
        raise Misuse(f"{path} holds no symbols and rateLimits; give an answer of GET /api/v3/exchangeInfo")
    return info


def _with_snapshots(paths: Iterable[Path]) -> list[Path]:
    """A file of streams brings the snapshots recorded with it: ``streams-X`` its neighbour ``rest-X``."""
    found = list(dict.fromkeys(paths))
    for path in tuple(found):
        snapshots = path.with_name(path.name.replace("streams-", "rest-", 1))
        if path.name.startswith("streams-") and snapshots not in found and snapshots.is_file():
            found.append(snapshots)
    return found


def _recording(paths: Iterable[Path]) -> Recording:
    """Snapshots and streams are told apart by their lines, so the order of the files does not matter."""
    rest: list[str] = []
    streams: list[str] = []
    for path in _with_snapshots(paths):
        try:
            lines = _opened(path).decode().splitlines()
        except UnicodeDecodeError:
            raise Misuse(f"{path} is not a text recording; give logs of REST and stream answers") from None
        (rest if any(" -> " in line for line in lines[:5]) else streams).extend(lines)
    try:
        return read_recording(rest, streams)
    except (KeyError, IndexError, TypeError) as error:
        raise Misuse(
            f"the recording cannot be read: {error!r}; give logs of REST and stream answers"
        ) from None


async def _serve(server: ExchangeServer, *, json: bool, parent_watch: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if parent_watch:
        _watch_parent(loop, stop)
    async with server:
        print(_announcement(server, json=json), flush=True)
        await stop.wait()


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            stop.set()

    try:
        loop.add_reader(sys.stdin.fileno(), read)
    except (OSError, ValueError):
        raise Misuse("--parent-watch needs a pipe on standard input; leave it out") from None


def _announcement(server: ExchangeServer, *, json: bool) -> str:
    if json:
        return msgspec.json.encode(
            {
                "rest": server.rest_url,
                "ws": server.ws_url,
                "ws_api": server.ws_api_url,
                "accounts": [_keys(account) for account in server.accounts],
            }
        ).decode()
    keys = ", ".join(f"{account.name} {account.api_key}" for account in server.accounts)
    where = f"{server.rest_url} · {server.ws_api_url} · {server.ws_url}/ws"
    return f"exchange at {where} (API keys: {keys}; --json shows the secrets)"


def _keys(account: Account) -> dict[str, str]:
    return {
        "api_key": account.api_key,
        "secret": account.secret.reveal(),
        "ed25519_api_key": account.ed25519_api_key,
        "ed25519_private_key": account.ed25519_private_key.reveal(),
    }
