"""A signed LIMIT order over REST, there and back: the clients against a raw socket with the same bytes."""

from benchmarks.figures import Row, Table, against_floor, rates
from benchmarks.processes import Run, serving
from benchmarks.raw import LANES

_NAMES = {
    "raw.http": "raw socket, signed beforehand",
    "clients.uvloop_rest": "AsyncClient, uvloop",
    "clients.asyncio_rest": "AsyncClient, asyncio",
    "clients.blocking_rest": "Client, blocking",
}
_IN_FLIGHT = {
    "raw.http_in_flight": "raw sockets, signed beforehand",
    "clients.uvloop_rest_in_flight": "AsyncClient, uvloop",
    "clients.asyncio_rest_in_flight": "AsyncClient, asyncio",
}
_GOALS = {"clients.uvloop_rest": 2.0}
_ROUNDS, _SECONDS = 5, 0.6


def measure(run: Run) -> list[Table]:
    """One after the other, and with many in flight."""
    with serving("http") as http:
        single = run.rounds(tuple(_NAMES), _ROUNDS, _SECONDS, http.port)
        many = run.rounds(tuple(_IN_FLIGHT), _ROUNDS, _SECONDS, http.port)
    return [
        against_floor("order: REST, HMAC, one after the other", single, _NAMES, _GOALS, http.served.headroom),
        Table(
            title=f"order: REST, HMAC, {LANES} in flight",
            rows=tuple(
                Row(name=name, figures=rates(many, key), unit="orders/s") for key, name in _IN_FLIGHT.items()
            ),
        ),
    ]
