"""Side by side with other people's clients: one signed order after the other, and many in flight."""

from benchmarks.figures import Row, Table, Worked, rates, ratios, times_us
from benchmarks.processes import Run, serving
from benchmarks.raw import LANES

_FLOOR = "raw.http"
_OURS = {
    "clients.uvloop_rest": "surefoot AsyncClient, uvloop",
    "clients.asyncio_rest": "surefoot AsyncClient, asyncio",
}
_THEIRS = {
    "others.orders.python_binance": "python-binance AsyncClient",
    "others.orders.ccxt_async": "ccxt async",
    "others.orders.official": "binance-sdk-spot (blocking)",
}
_NAMES = {**_OURS, **_THEIRS}
_ROUNDS, _SECONDS = 4, 0.6
_HALF, _THRICE = 0.5, 3.0


def measure(run: Run) -> list[Table]:
    """Signed orders over REST: time of one, orders a second; how many times the best of the others."""
    with serving("http") as http:
        single = run.rounds((_FLOOR, *_NAMES), _ROUNDS, _SECONDS, http.port)
        many = run.rounds(
            tuple(f"{name}_in_flight" for name in (_FLOOR, *_NAMES)), _ROUNDS, _SECONDS, http.port
        )
    return [_one_by_one(single, http.served.headroom), _in_flight(many)]


def _one_by_one(rounds: list[dict[str, Worked]], note: str) -> Table:
    best = min(_THEIRS, key=lambda name: min(times_us(rounds, name)))
    rows = [Row(name="raw socket, signed beforehand", figures=times_us(rounds, _FLOOR), unit="µs")]
    for name, shown in _NAMES.items():
        rows.append(Row(name=shown, figures=times_us(rounds, name), unit="µs"))
        rows.append(Row(name=f"{shown}: time", figures=ratios(rounds, name, _FLOOR), unit="× floor"))
    for name, shown in _OURS.items():
        figures = ratios(rounds, name, best)
        rows.append(Row(name=f"{shown}: time", figures=figures, unit="× best", goal=_HALF))
    notes = (f"best of the others: {_THEIRS[best]}; {note}",)
    return Table(title="peers: a signed order over REST, one after the other", rows=tuple(rows), notes=notes)


def _in_flight(rounds: list[dict[str, Worked]]) -> Table:
    best = max(_THEIRS, key=lambda name: max(rates(rounds, f"{name}_in_flight")))
    rows = [
        Row(
            name="raw sockets, signed beforehand",
            figures=rates(rounds, f"{_FLOOR}_in_flight"),
            unit="orders/s",
        )
    ]
    for name, shown in _NAMES.items():
        rows.append(Row(name=shown, figures=rates(rounds, f"{name}_in_flight"), unit="orders/s"))
    for name, shown in _OURS.items():
        figures = ratios(rounds, f"{best}_in_flight", f"{name}_in_flight")
        rows.append(Row(name=f"{shown}: rate", figures=figures, unit="× best", goal=_THRICE, at_least=True))
    notes = (f"best of the others: {_THEIRS[best]}",)
    return Table(title=f"peers: signed orders over REST, {LANES} in flight", rows=tuple(rows), notes=notes)
