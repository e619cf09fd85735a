"""The options of `surefoot demo`, and the order of its scenes."""

import asyncio
import contextlib
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from surefoot.cli.demo import story
from surefoot.cli.demo.ears import Ears
from surefoot.cli.demo.venue import Venue, elsewhere, embedded
from surefoot.cli.demo.verify import verify
from surefoot.cli.demo.voice import JsonVoice, Step, TerminalVoice, Voice
from surefoot.client.aio import AsyncClient
from surefoot.errors import Misuse, SurefootError


def demo(
    *,
    env: Literal["local", "testnet", "production"] = "local",
    symbol: str | None = None,
    exchange_info: Path | None = None,
    replay: Annotated[tuple[Path, ...], Parameter(consume_multiple=True)] = (),
    seed: int | None = None,
    json: bool = False,
) -> int:
    """One order from intent to fill, on a real exchange process, checked to the last digit.

    Parameters
    ----------
    env
        Where to trade: an embedded exchange started for this run, or testnet with keys from the environment
        (SUREFOOT_API_KEY, and SUREFOOT_API_SECRET or SUREFOOT_PRIVATE_KEY_FILE). Production is refused.
    symbol
        What to trade. Default: BTCUSDT, or the first symbol of the recording.
    exchange_info
        A recorded exchangeInfo (JSON, may be gzipped) whose symbols and filters the embedded exchange takes
        over.
    replay
        Recorded streams that drive the embedded exchange's books, and the snapshots of the same moment
        (a file streams-X finds its neighbour rest-X by itself).
    seed
        Makes the embedded exchange's market the same every time.
    json
        One JSON object per step.
    """
    voice: Voice = JsonVoice() if json else TerminalVoice()
    arguments = _exchange_arguments(exchange_info, replay, seed)
    if env != "local" and arguments:
        raise Misuse("--exchange-info, --replay and --seed belong to the embedded exchange (--env local)")
    return asyncio.run(_run(env, symbol, arguments, voice))


def _exchange_arguments(exchange_info: Path | None, replay: tuple[Path, ...], seed: int | None) -> list[str]:
    arguments: list[str] = []
    if exchange_info is not None:
        arguments += ["--exchange-info", str(exchange_info)]
    if replay:
        arguments += ["--replay", *map(str, replay)]
    if seed is not None:
        arguments += ["--seed", str(seed)]
    return arguments


async def _run(env: str, symbol: str | None, arguments: list[str], voice: Voice) -> int:
    async with contextlib.AsyncExitStack() as stack:
        if env == "local":
            venue = await stack.enter_async_context(embedded(arguments))
        else:
            venue = elsewhere(env)
        failure: SurefootError | None = None
        summary = ""
        try:
            summary = await _trade(venue, symbol, voice)
        except* SurefootError as group:
            failure = _first(group)
    if failure is None:
        voice.tell(Step(step="Summary", text=summary))
        return 0
    voice.tell(Step(step="Failed", text=str(failure), ok=False))
    return 1


def _first(error: BaseException) -> SurefootError:
    """The first leaf of a group that holds nothing but our own errors."""
    if isinstance(error, BaseExceptionGroup):
        return _first(error.exceptions[0])
    assert isinstance(error, SurefootError)
    return error


async def _trade(venue: Venue, symbol: str | None, voice: Voice) -> str:
    rest_key, session_key = venue.keys[0], venue.keys[-1]
    voice.tell(Step(step="Connected", text=venue.description, facts={"environment": venue.environment.name}))
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncClient(venue.environment, rest_key))
        other = await stack.enter_async_context(AsyncClient(venue.environment, session_key))
        events = await stack.enter_async_context(other.user_data())
        session = await stack.enter_async_context(other.session())
        _tell_keys(voice, client, other)
        ears = Ears(events, voice)
        name = await _chosen(client, symbol)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(ears.listen())
            stage = await story.open_stage(client, session, ears, voice, name)
            summary = await _scenes(stage)
            listening.cancel()
        return summary


async def _scenes(stage: story.Stage) -> str:
    depth = await story.show_book(stage)
    before = await stage.client.account()
    await story.rounded_limit(stage, depth)
    await story.cancelled_limit(stage, depth)
    await story.market_by_quote(stage)
    await story.refused_here(stage, depth)
    return await verify(stage, before)


def _tell_keys(voice: Voice, client: AsyncClient, other: AsyncClient) -> None:
    for role, key in (("REST", client.desk.key), ("session and user stream", other.desk.key)):
        if key is not None:
            kind = "Ed25519" if key.signer.can_log_on else "HMAC"
            voice.tell(
                Step(
                    step="Connected",
                    text=f"{role}: {kind} key …{key.tail}",
                    facts={"key": kind, "role": role},
                )
            )


async def _chosen(client: AsyncClient, symbol: str | None) -> str:
    """`symbol` if it is listed; without one BTCUSDT, else the first symbol that has a book."""
    tickers = await client.book_tickers()
    if symbol is not None:
        return _listed(symbol, [ticker.symbol for ticker in tickers])
    names = [ticker.symbol for ticker in tickers if ticker.bid_price and ticker.ask_price]
    if not names:
        raise SurefootError("no symbol of this exchange has a book with two sides; choose one with --symbol")
    return "BTCUSDT" if "BTCUSDT" in names else names[0]


def _listed(symbol: str, names: Sequence[str]) -> str:
    if symbol in names:
        return symbol
    near = difflib.get_close_matches(symbol.upper(), names)
    meant = f"; did you mean {', '.join(near)}?" if near else ""
    raise Misuse(f"symbol {symbol!r} is not listed here{meant}")
