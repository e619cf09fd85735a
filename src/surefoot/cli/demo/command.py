"""The options of `surefoot demo`, and the order of its scenes."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from surefoot.cli.demo.ears import Ears
from surefoot.cli.demo.kill import kill_story
from surefoot.cli.demo.places import Place, place_of
from surefoot.cli.demo.stage import Market, Stage, chosen, look_at
from surefoot.cli.demo.story import scenes
from surefoot.cli.demo.sweep import sweep
from surefoot.cli.demo.venue import Venue, elsewhere, embedded
from surefoot.cli.demo.verify import verify
from surefoot.cli.demo.voice import JsonVoice, Step, TerminalVoice, Voice
from surefoot.cli.edges import DONE, FAILED, USAGE
from surefoot.cli.venues import FEW
from surefoot.client.aio import AsyncClient
from surefoot.errors import Misuse, SurefootError
from surefoot.execution.aio import Trader
from surefoot.execution.policy import Policy
from surefoot.values import trimmed


def demo(
    *,
    env: Literal["local", "testnet", "demo", "production"] = "local",
    symbol: str | None = None,
    exchange_info: Path | None = None,
    replay: Annotated[tuple[Path, ...] | None, Parameter(consume_multiple=True)] = None,
    seed: int | None = None,
    journal: str | None = None,
    kill: bool = False,
    json: bool = False,
) -> int:
    """A trader on a real exchange process: orders from intent to fill, checked to the last digit.

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
    journal
        Where the trader keeps its journal: a file, or postgresql://host/database. Default: with the embedded
        exchange one that goes with it, else one in the state folder.
    kill
        Another story: a trader is killed (SIGKILL) in the middle of an order, and begins again.
    json
        One JSON object per step.
    """
    voice: Voice = JsonVoice() if json else TerminalVoice()
    arguments = _exchange_arguments(exchange_info, replay, seed)
    if env != "local" and arguments:
        raise Misuse("--exchange-info, --replay and --seed belong to the embedded exchange (--env local)")
    story = kill_story if kill else _trade
    if kill and env != "local":
        raise Misuse("--kill is told on the embedded exchange, which is told to fail: leave --env out")
    return asyncio.run(_run(env, arguments, voice, lambda venue: story(venue, symbol, journal, voice)))


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


async def _run(env: str, arguments: list[str], voice: Voice, story: Callable[[Venue], Awaitable[str]]) -> int:
    try:
        async with embedded(arguments) if env == "local" else contextlib.nullcontext(elsewhere(env)) as venue:
            summary = await story(venue)
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
    """Of errors that came together, the first."""
    return next(_leaves(error))


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


async def _trade(venue: Venue, symbol: str | None, journal: str | None, voice: Voice) -> str:
    async with contextlib.AsyncExitStack() as stack:
        place = stack.enter_context(place_of(journal, venue))
        witness = await stack.enter_async_context(AsyncClient(venue.environment, venue.keys[0], retries=FEW))
        _tell_connected(voice, venue, place)
        _tell_key(voice, "Connected", "witness, over REST", witness)
        market = await look_at(witness, voice, await chosen(witness, symbol))
        trader = await stack.enter_async_context(_trader(venue, place, market.policy()))
        _tell_key(voice, "Trader", "over the WebSocket API", trader.client)
        _tell_limits(voice, trader, market)
        stage = Stage(
            trader=trader,
            witness=witness,
            ears=Ears(trader, voice),
            voice=voice,
            market=market,
            cap=market.cap,
        )
        return await _watched(venue, stage)


def _trader(venue: Venue, place: Place, policy: Policy) -> Trader:
    return Trader(
        venue.environment,
        venue.keys[-1],
        journal=place.at,
        account=place.account,
        policy=policy,
        transport="ws_api",
        strategy="demo",
    )


async def _watched(venue: Venue, stage: Stage) -> str:
    """The story, while the trader is heard and the exchange is looked after."""
    try:
        async with asyncio.TaskGroup() as tasks:
            watching = [tasks.create_task(work) for work in (stage.ears.listen(), venue.watch())]
            before = await stage.witness.account()
            await scenes(stage)
            summary = await verify(stage, before)
            for task in watching:
                task.cancel()
    except BaseException:
        await sweep(stage)  # out here nothing that fails besides can cut it short
        raise
    return summary


def _tell_connected(voice: Voice, venue: Venue, place: Place) -> None:
    name = venue.environment.name
    voice.tell(Step(step="Connected", text=venue.description, facts={"environment": name}))
    voice.tell(Step(step="Connected", text=f"journal: {place.text}", facts={"journal": place.at}))


def _tell_key(voice: Voice, step: str, role: str, client: AsyncClient) -> None:
    key = client.desk.key
    if key is not None:
        kind = key.signer.kind
        text = f"{role}: {kind} key …{key.tail}"
        voice.tell(Step(step=step, text=text, facts={"key": kind, "role": role}))


def _tell_limits(voice: Voice, trader: Trader, market: Market) -> None:
    quote, life = market.info.quote_asset, trader.views.lives
    text = f"limits: {market.info.symbol} only, {trimmed(market.cap)} {quote} an order, 3 orders at a time"
    facts = {"life": life, "notional_per_order": market.cap}
    voice.tell(Step(step="Trader", text=text, facts=facts))
    if life > 1:
        text = f"its journal is in use for the {life}th time, and knows {len(trader.open_orders)} open orders"
        voice.tell(Step(step="Trader", text=text))
