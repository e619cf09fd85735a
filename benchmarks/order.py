"""A signed LIMIT order, there and back: the public clients against a raw socket that sends the same bytes."""

from benchmarks.figures import Row, Table, Worked, rates, ratios
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
_SESSION = {
    "raw.websocket": "raw WebSocket, spelled beforehand",
    "clients.uvloop_session": "ApiSession, uvloop",
    "clients.asyncio_session": "ApiSession, asyncio",
}
_GOALS = {"clients.uvloop_rest": 2.5, "clients.asyncio_rest": 3.5}
_ROUNDS, _SECONDS = 7, 0.6


def measure(run: Run) -> list[Table]:
    """REST one by one, REST with many in flight, and a WebSocket API session."""
    with serving("http") as http:
        single = run.rounds(tuple(_NAMES), _ROUNDS, _SECONDS, http.port)
        many = run.rounds(tuple(_IN_FLIGHT), _ROUNDS, _SECONDS, http.port)
    with serving("websocket") as websocket:
        session = run.rounds(tuple(_SESSION), _ROUNDS, _SECONDS, websocket.port)
    return [
        _against_floor("order: REST, HMAC, one after the other", single, _NAMES, http.served.headroom),
        Table(
            title=f"order: REST, HMAC, {LANES} in flight",
            rows=tuple(
                Row(name=name, figures=rates(many, key), unit="orders/s") for key, name in _IN_FLIGHT.items()
            ),
        ),
        _against_floor(
            "order: WebSocket API, logged on (Ed25519)", session, _SESSION, websocket.served.headroom
        ),
    ]


def _against_floor(title: str, rounds: list[dict[str, Worked]], names: dict[str, str], note: str) -> Table:
    floor, *others = names
    rows = []
    for key in others:
        figures = ratios(rounds, key, floor)
        rows.append(Row(name=f"{names[key]}: time", figures=figures, unit="× floor", goal=_GOALS.get(key)))
        rows.append(
            Row(name=f"{names[key]}: CPU", figures=ratios(rounds, key, floor, cpu=True), unit="× floor")
        )
    return Table(title=title, rows=tuple(rows), notes=(f"floor: {names[floor]}; {note}",))
