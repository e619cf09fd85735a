"""A LIMIT order over the WebSocket API, there and back, against a raw socket that sends the same frame."""

from benchmarks.figures import Table, against_floor
from benchmarks.processes import Run, serving

_LOGGED_ON = {
    "raw.websocket": "raw WebSocket, spelled beforehand",
    "clients.uvloop_session": "ApiSession, uvloop",
    "clients.asyncio_session": "ApiSession, asyncio",
}
_SIGNING = {
    "raw.websocket_signed": "raw WebSocket, signed beforehand",
    "clients.uvloop_session_signing": "ApiSession, uvloop",
    "clients.asyncio_session_signing": "ApiSession, asyncio",
    "others.wsapi.python_binance": "python-binance",
    "others.wsapi.official": "binance-sdk-spot",
}
_GOAL = 1.5
_GOALS = {"clients.uvloop_session": _GOAL, "clients.uvloop_session_signing": _GOAL}
_ROUNDS, _SECONDS = 4, 0.6


def measure(run: Run) -> list[Table]:
    """On a session that is logged on, and with a signature in every request, there beside other clients."""
    with serving("websocket") as server:
        logged_on = run.rounds(tuple(_LOGGED_ON), _ROUNDS, _SECONDS, server.port)
        signing = run.rounds(tuple(_SIGNING), _ROUNDS, _SECONDS, server.port)
    note = server.served.headroom
    return [
        against_floor("wsapi: logged on (Ed25519), one after the other", logged_on, _LOGGED_ON, _GOALS, note),
        against_floor("wsapi: each signed (HMAC), one after the other", signing, _SIGNING, _GOALS, note),
    ]
