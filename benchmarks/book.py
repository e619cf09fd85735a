"""Side by side with other people's clients: a local order book, kept by its diffs on one core."""

from collections.abc import Mapping

from benchmarks import market
from benchmarks.figures import Row, Table, Worked, rates, ratios
from benchmarks.processes import Run, serving

_FOLLOWED = {
    "books.followed": "surefoot, uvloop",
    "books.asyncio_followed": "surefoot, asyncio",
    "others.book.python_binance": "python-binance",
    "others.book.ccxt": "ccxt.pro",
}
_READ = {
    "books.read": "surefoot",
    "others.book.python_binance_read": "python-binance",
    "others.book.ccxt_read": "ccxt.pro",
}
_APPLIED = {
    "books.applied": "surefoot",
    "others.book.python_binance_applied": "python-binance, not sorted",
    "others.book.ccxt_applied": "ccxt.pro",
}
_GOAL = 3.0
_ROUNDS, _SECONDS = 3, 0.6


def measure(run: Run) -> list[Table]:
    """Diffs a second: followed on a stream, and the book alone, with and without a look at it after each."""
    with serving("stream") as server:
        followed = run.rounds(tuple(_FOLLOWED), _ROUNDS, _SECONDS, server.port)
        read = run.rounds(tuple(_READ), _ROUNDS, _SECONDS, server.port)
        applied = run.rounds(tuple(_APPLIED), _ROUNDS, _SECONDS, server.port)
    counted = "ccxt.pro: every diff that it applies is counted, though it tells only the newest book"
    return [
        _table(
            "from a stream, the best read after each",
            followed,
            _FOLLOWED,
            _GOAL,
            server.served.headroom,
            counted,
        ),
        _table("alone, from JSON, the best read after each", read, _READ, _GOAL),
        _table("alone, from JSON, never read", applied, _APPLIED, None, "no goal: a book that nobody reads"),
    ]


def _table(
    title: str, rounds: list[dict[str, Worked]], names: Mapping[str, str], goal: float | None, *notes: str
) -> Table:
    ours = next(iter(names))
    theirs = [key for key in names if key.startswith("others.")]
    best = max(theirs, key=lambda key: max(rates(rounds, key)))
    rows = [Row(name=name, figures=rates(rounds, key), unit="diffs/s") for key, name in names.items()]
    rows += [
        Row(
            name=f"{names[ours]}, against {names[key]}",
            figures=ratios(rounds, key, ours),
            unit="×",
            goal=goal if key == best else None,
            at_least=True,
        )
        for key in theirs
    ]
    shape = f"diffs of 29 levels on a book of {market.LEVELS:,} levels a side"
    return Table(title=f"book: {title}", rows=tuple(rows), notes=(shape, *notes))
