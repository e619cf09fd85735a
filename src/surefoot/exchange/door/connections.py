"""What the URL of a WebSocket asks for: options of the API, streams to begin with."""

from collections.abc import Collection
from urllib.parse import unquote

import msgspec

from surefoot.exchange.door.front import time_unit, unsupported
from surefoot.exchange.door.session_calls import Options
from surefoot.exchange.feeds.stream_names import StreamName, parse_stream
from surefoot.exchange.limits.profile import PRODUCTION
from surefoot.exchange.render import amounts
from surefoot.serve.denial import Denial, invalid, too_many
from surefoot.serve.forms import read_form
from surefoot.wire import HttpRequest

_NOT_FOUND = 404
_OF_SBE = ("sbeSchemaId", "sbeSchemaVersion")


class StreamChoice(msgspec.Struct, frozen=True):
    """Streams to begin with, whether they are wrapped, and the unit of their times."""

    names: tuple[StreamName, ...] = ()
    combined: bool = False
    unit: int = amounts.MILLISECONDS


def api_options(query: str) -> Options:
    """Options of a WebSocket API connection; raises `Denial` for what is not understood."""
    given = _options(query, {"returnRateLimits", "timeUnit", "responseFormat", *_OF_SBE})
    wanted = given.get("responseFormat", "json")
    if wanted == "sbe":
        raise Denial(-1155, "SBE is not enabled.")
    pointless = ["responseFormat"] if wanted != "json" else [name for name in _OF_SBE if name in given]
    if pointless:
        raise invalid(pointless[0])
    shown = given.get("returnRateLimits", "true")
    if shown not in {"true", "false"}:
        raise invalid("returnRateLimits")
    return Options(shown == "true", time_unit(given.get("timeUnit", "MILLISECOND")))


def stream_choice(
    path: str, query: str, symbols: Collection[str], most: int = PRODUCTION.streams_per_connection
) -> StreamChoice:
    """Streams of ``/ws/<a>/<b>`` or ``/stream?streams=<a>/<b>``, `most` of them at most; raises `Denial` for
    one not served here.

    A bare number is no stream: some clients tell their connections apart by ``/ws/0``, ``/ws/1``, and Binance
    lets them in. They subscribe afterwards.
    """
    combined = path == "/stream"
    given = _options(query, {"streams", "timeUnit"} if combined else {"timeUnit"})
    if combined:
        texts = given.get("streams", "").replace(" ", "+")  # how forms spell the + of a time zone
    elif path == "/ws" or path.startswith("/ws/"):
        texts = unquote(path.removeprefix("/ws").removeprefix("/"))
    else:
        raise unsupported(_NOT_FOUND)
    wanted = [text for text in texts.split("/") if text and not _is_number(text)]
    names = tuple(_stream(text, symbols) for text in wanted)
    if len(names) > most:
        raise too_many(most, len(names))
    return StreamChoice(names, combined, time_unit(given.get("timeUnit", "MILLISECOND")))


def _options(query: str, known: Collection[str]) -> dict[str, str]:
    given = dict(read_form(HttpRequest("GET", f"?{query}", {})).values)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise too_many(len(known), len(given)) if len(given) > len(known) else invalid(unknown[0])
    return given


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _stream(text: str, symbols: Collection[str]) -> StreamName:
    name = parse_stream(text, symbols)
    if name is None:
        raise Denial(-1130, f"Unknown stream '{text}'.")
    return name
