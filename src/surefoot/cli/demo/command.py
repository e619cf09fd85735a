"""The options of `surefoot demo`, and the order of its scenes."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from surefoot.cli.demo import story
from surefoot.cli.demo.ears import Ears, StreamBroken
from surefoot.cli.demo.sweep import sweep
from surefoot.cli.demo.venue import Venue, elsewhere, embedded
from surefoot.cli.demo.verify import verify
from surefoot.cli.demo.voice import JsonVoice, Step, TerminalVoice, Voice
from surefoot.cli.edges import DONE, FAILED, USAGE
from surefoot.cli.symbols import nearest
from surefoot.cli.venues import FEW
from surefoot.client.aio import AsyncClient
from surefoot.errors import Misuse, SurefootError


def demo(
    *,
    env: Literal["local", "testnet", "demo", "production"] = "local",
    symbol: str | None = None,
    exchange_info: Path | None = None,
    replay: Annotated[tuple[Path, ...] | None, Parameter(consume_multiple=True)] = None,
    seed: int | None = None,
    json: bool = False,
) -> int:
    """One order from intent to fill, on a real exchange process, checked to the last digit.

    Parameters
    ----------
    env
        Where to trade: an embedded exchange started for this run, or testnet or demo mode with keys from the
        environment (SUREFOOT_API_KEY, and SUREFOOT_API_SECRET or SUREFOOT_PRIVATE_KEY_FILE). Production is
        refused.
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


def _exchange_arguments(
    exchange_info: Path | None, replay: tuple[Path, ...] | None, seed: int | None
) -> list[str]:
    arguments: list[str] = []
    if exchange_info is not None:
        arguments += ["--exchange-info", str(exchange_info)]
    if replay is not None:
        arguments += ["--replay", *map(str, replay)]
    if seed is not None:
        arguments += ["--seed", str(seed)]
    return arguments


async def _run(env: str, symbol: str | None, arguments: list[str], voice: Voice) -> int:
    try:
        async with embedded(arguments) if env == "local" else contextlib.nullcontext(elsewhere(env)) as venue:
            summary = await _trade(venue, symbol, voice)
    except BaseException as error:
        failure = _telling(error)
        if not isinstance(failure, SurefootError):
            raise failure from None
        return _failed(failure, voice)
    voice.tell(Step(step="Summary", text=summary))
    return DONE


def _failed(failure: SurefootError, voice: Voice) -> int:
    voice.tell(Step(step="Failed", text=str(failure), ok=False))
    if not sys.stdout.isatty():  # whoever sent the story elsewhere should still see how it ended
        print(f"surefoot demo: {failure}", file=sys.stderr)
    return USAGE if isinstance(failure, Misuse) else FAILED


def _telling(error: BaseException) -> BaseException:
    """Of errors that came together, the one that says most: a broken stream follows from the others."""
    leaves = list(_leaves(error))
    return next((leaf for leaf in leaves if not isinstance(leaf, StreamBroken)), leaves[0])


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


async def _trade(venue: Venue, symbol: str | None, voice: Voice) -> str:
    rest_key, session_key = venue.keys[0], venue.keys[-1]
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncClient(venue.environment, rest_key, retries=FEW))
        other = await stack.enter_async_context(AsyncClient(venue.environment, session_key, retries=FEW))
        events = await stack.enter_async_context(other.user_data())
        session = await stack.enter_async_context(other.session())
        _tell_connected(voice, venue, client, other)
        ears, name = Ears(events, voice), await _chosen(client, symbol)
        return await _watched(ears, venue, story.open_stage(client, session, ears, voice, name))


async def _watched(ears: Ears, venue: Venue, opening: Awaitable[story.Stage]) -> str:
    """The story, while the stream is heard and the exchange is looked after."""
    stage: story.Stage | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            watching = [tasks.create_task(work) for work in (ears.listen(), venue.watch())]
            stage = await opening
            summary = await _scenes(stage)
            for task in watching:
                task.cancel()
    except BaseException:
        if stage is not None:
            await sweep(stage)  # out here nothing that fails besides can cut it short
        raise
    return summary


async def _scenes(stage: story.Stage) -> str:
    depth = await story.show_book(stage)
    before = await stage.client.account()
    await story.rounded_limit(stage, depth)
    await story.cancelled_limit(stage, depth)
    await story.market_by_quote(stage)
    await story.refused_here(stage, depth)
    return await verify(stage, before)


def _tell_connected(voice: Voice, venue: Venue, client: AsyncClient, other: AsyncClient) -> None:
    voice.tell(Step(step="Connected", text=venue.description, facts={"environment": venue.environment.name}))
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
    """`symbol` if it can be traded; without one BTCUSDT, else the first symbol that has a market."""
    tickers = await client.book_tickers()
    traded = [ticker.symbol for ticker in tickers if ticker.bid_price and ticker.ask_price]
    if not traded:
        raise SurefootError("no symbol here has a book with two sides; record or switch on a market")
    if symbol is None:
        return "BTCUSDT" if "BTCUSDT" in traded else traded[0]
    if symbol in traded:
        return symbol
    if any(ticker.symbol == symbol for ticker in tickers):
        raise Misuse(f"{symbol} has no market here (is it in the recording?); try {nearest('', traded)}")
    raise Misuse(f"symbol {symbol!r} is not listed here; did you mean {nearest(symbol, traded)}?")
