"""Side by side with other people's clients: book tickers from a stream to the user's hands, on one core."""

from benchmarks.figures import Row, Table, Worked, cpu_us, rates, ratios
from benchmarks.processes import NAUTILUS, Run, serving

_BARE, _OURS = "streams.bare", "streams.callback"
_MORE = {
    "streams.iterated": "surefoot iterated, uvloop",
    "streams.asyncio_callback": "surefoot callback, asyncio",
}
_THEIRS = {
    "others.ticker.python_binance": "python-binance",
    "others.ticker.ccxt": "ccxt.pro",
    "others.ticker.official": "binance-sdk-spot",
    "others.ticker.unicorn": "unicorn",
}
_NAUTILUS = {"others.nautilus.undecoded": "nautilus_trader, undecoded"} if NAUTILUS.exists() else {}
_OUR_NAMES = {_BARE: "picows + msgspec, bare", _OURS: "surefoot callback, uvloop", **_MORE}
_NAMES = {**_OUR_NAMES, **_THEIRS, **_NAUTILUS}
_GOAL, _GOAL_UNDECODED = 4.0, 0.9
_ROUNDS, _SECONDS = 3, 1.0


def measure(run: Run) -> list[Table]:
    """Events a second, what one costs, and how many times the others surefoot manages with a core."""
    with serving("stream") as server:
        rounds = run.rounds(tuple(_NAMES), _ROUNDS, _SECONDS, server.port)
    rows = [Row(name=name, figures=rates(rounds, key), unit="events/s") for key, name in _NAMES.items()]
    rows += [Row(name=f"{name}: CPU", figures=cpu_us(rounds, key), unit="µs") for key, name in _NAMES.items()]
    rows.append(_times(rounds, _BARE, None))
    rows += [_times(rounds, key, _GOAL) for key in _THEIRS]
    rows += [_times(rounds, key, _GOAL_UNDECODED) for key in _NAUTILUS]
    notes = (
        *(() if _NAUTILUS else ("nautilus_trader does not install here",)),
        "surefoot and binance-sdk-spot make typed objects, the others dictionaries",
        "ccxt.pro: every event that it parses is counted, though it tells only the newest",
        server.served.headroom,
    )
    return [Table(title="ticker: bookTicker events, as fast as they are read", rows=tuple(rows), notes=notes)]


def _times(rounds: list[dict[str, Worked]], key: str, goal: float | None) -> Row:
    figures = ratios(rounds, key, _OURS, cpu=True)
    return Row(
        name=f"events for the same CPU, against {_NAMES[key]}",
        figures=figures,
        unit="×",
        goal=goal,
        at_least=True,
    )
