"""`surefoot exchange`: the exchange in the box as a process of its own."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from surefoot.cli.announcement import Registered, announcement, register
from surefoot.cli.edges import DONE
from surefoot.cli.files import read_info, read_limits, read_market, read_rules
from surefoot.cli.symbols import nearest
from surefoot.errors import Misuse
from surefoot.exchange.assembly import assemble, default_info
from surefoot.exchange.liquidity.recording import Recording
from surefoot.exchange.liquidity.synthetic import Liquidity
from surefoot.exchange.server import Binding, ExchangeServer
from surefoot.net.tls import server_context
from surefoot.serve.venues import VenueName
from surefoot.world import SeededEntropy, World, system_world

_LAST_PORT = 65_535
_MOST_SKEW_MS = 365 * 86_400_000
_Files = Annotated[tuple[Path, ...] | None, Parameter(consume_multiple=True)]
_Names = Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True)]


def exchange(
    *,
    port: int = 9000,
    host: str = "127.0.0.1",
    symbols: _Names = None,
    exchange_info: Path | None = None,
    replay: _Files = None,
    liquidity: Literal["none", "quiet", "lively", "storm"] | None = None,
    seed: int | None = None,
    clock_skew_ms: float = 0,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    limits: str | None = None,
    profile: VenueName = "binance",
    public_key: _Names = None,
    fault: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=False)] = None,
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
        List only these. Default: BTCUSDT, ETHUSDT, BNBUSDT, ETHBTC; with --exchange-info all that it has.
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
    tls_cert
        Serve TLS with this certificate (PEM).
    tls_key
        The certificate's private key (PEM).
    limits
        production, generous, or a JSON file: what differs from the limits of the exchange information, as its
        `rateLimits` spell it.
    profile
        The venue that it is like: Binance, its testnet or demo mode, or Binance.US, with its own endpoints,
        rules and symbols.
    public_key
        Keys that you made, RSA or Ed25519, as ACCOUNT=FILE (alice=public.pem); each is given an API key.
    fault
        A rule by which the exchange fails, as JSON or as a file with one or a list of them; may be repeated:
        {"fault": {"kind": "lost_answer"}, "where": "order.place", "times": 1}
    json
        Announce readiness as one JSON object: rest, ws, ws_api, accounts.
    parent_watch
        Also stop when standard input is closed.
    """
    info = default_info(profile) if exchange_info is None else read_info(exchange_info)
    listed = _listed(symbols, [row["symbol"] for row in info["symbols"]])
    recording = None if replay is None else _recorded(replay, listed)
    server = assemble(
        _world(seed),
        info=info,
        symbols=listed,
        liquidity=Liquidity(liquidity or ("none" if recording else "quiet")),
        recording=recording,
        market=None if seed is None else SeededEntropy(f"{seed}/market"),
        binding=_binding(host, port, tls_cert, tls_key),
        clock_skew_ms=_skew(clock_skew_ms),
        limits=None if limits is None else read_limits(limits),
        profile=profile,
    )
    _break(server, fault or ())
    registered = [register(server, text) for text in public_key or ()]
    _run(_serve(server, registered, json=json, parent_watch=parent_watch))
    return DONE


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


def _listed(symbols: Sequence[str] | None, known: Sequence[str]) -> Sequence[str]:
    if symbols is None:
        return known
    if not symbols:
        raise Misuse(f"--symbols was given no symbol; name some of {nearest('', known)}, or leave it out")
    for symbol in symbols:
        if symbol not in known:
            raise Misuse(f"symbol {symbol!r} is not listed; did you mean {nearest(symbol, known)}?")
    return symbols


def _recorded(files: Sequence[Path], listed: Sequence[str]) -> Recording:
    recording = read_market(files)
    missing = sorted(set(recording.books) - set(listed))
    if missing:
        raise Misuse(
            f"--replay holds {', '.join(missing)}, not listed here; give the --exchange-info of that time,"
            " and --symbols with all of them or not at all"
        )
    return recording


def _break(server: ExchangeServer, given: Sequence[str]) -> None:
    for text in given:
        for rule in read_rules(text):
            try:
                server.faults.add(rule)
            except Misuse as error:
                raise Misuse(f"--fault {text}: {error}; see docs/reference/faults.md") from None


def _skew(milliseconds: float) -> float:
    if not abs(milliseconds) <= _MOST_SKEW_MS:  # so that NaN is refused as well
        raise Misuse(f"--clock-skew-ms {milliseconds} is not within a year ({_MOST_SKEW_MS} ms) of now")
    return milliseconds


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


async def _serve(
    server: ExchangeServer, registered: Sequence[Registered], *, json: bool, parent_watch: bool
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if parent_watch:
        _watch_parent(loop, stop)
    async with server:
        print(announcement(server, registered, json=json), flush=True)
        await stop.wait()


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def read() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            stop.set()

    try:
        loop.add_reader(sys.stdin.fileno(), read)
    except (OSError, ValueError):
        raise Misuse("--parent-watch needs a pipe on standard input; leave it out") from None
