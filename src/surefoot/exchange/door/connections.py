"""What the URL of a WebSocket asks for: options of the API, streams to begin with."""

from collections.abc import Callable, Collection, Mapping
from urllib.parse import unquote

import msgspec

from surefoot.exchange.door.front import time_unit, unsupported
from surefoot.exchange.door.session_calls import Options
from surefoot.exchange.feeds.stream_names import StreamName, parse_stream
from surefoot.exchange.limits.profile import PRODUCTION
from surefoot.exchange.render import amounts
from surefoot.serve.denial import Denial, invalid, too_many
from surefoot.serve.forms import read_form
from surefoot.serve.venues import BINANCE, Venue
from surefoot.wire import HttpRequest

_NOT_FOUND = 404
_OF_SBE = ("sbeSchemaId", "sbeSchemaVersion")


class StreamChoice(msgspec.Struct, frozen=True):
    """Streams to begin with, listen keys with their accounts, whether events are wrapped, the unit of
    their times.
    """

    names: tuple[StreamName, ...] = ()
    listen_keys: Mapping[str, str] = {}
    combined: bool = False
    unit: int = amounts.MILLISECONDS


def api_options(query: str, venue: Venue = BINANCE) -> Options:
    """Options of a WebSocket API connection; raises `Denial` for what is not understood."""
    known = {"returnRateLimits", "responseFormat", *_OF_SBE}
    given = _options(query, known | _times(venue))
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
    path: str,
    query: str,
    symbols: Collection[str],
    *,
    most: int = PRODUCTION.streams_per_connection,
    venue: Venue = BINANCE,
    account_of: Callable[[str], str | None] = lambda listen_key: None,
) -> StreamChoice:
    """Streams of ``/ws/<a>/<b>`` or ``/stream?streams=<a>/<b>``, `most` of them at most; raises `Denial` for
    one not served here.

    `account_of` knows whose a listen key is. A bare number is no stream: some clients tell their connections
    apart by ``/ws/0``, ``/ws/1``, and Binance lets them in. They subscribe afterwards.
    """
    combined = path == "/stream"
    given = _options(query, ({"streams"} if combined else set()) | _times(venue))
    if combined:
        texts = given.get("streams", "").replace(" ", "+")  # how forms spell the + of a time zone
    elif path == "/ws" or path.startswith("/ws/"):
        texts = unquote(path.removeprefix("/ws").removeprefix("/"))
    else:
        raise unsupported(_NOT_FOUND)
    wanted = [text for text in texts.split("/") if text and not _is_number(text)]
    keys = {text: account for text in wanted if (account := account_of(text)) is not None}
    names = tuple(_stream(text, symbols, venue) for text in wanted if text not in keys)
    if len(wanted) > most:
        raise too_many(most, len(wanted))
    return StreamChoice(names, keys, combined, time_unit(given.get("timeUnit", "MILLISECOND")))


def _options(query: str, known: Collection[str]) -> dict[str, str]:
    given = dict(read_form(HttpRequest("GET", f"?{query}", {})).values)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise too_many(len(known), len(given)) if len(given) > len(known) else invalid(unknown[0])
    return given


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _times(venue: Venue) -> set[str]:
    return {"timeUnit"} if venue.microseconds else set()


def _stream(text: str, symbols: Collection[str], venue: Venue) -> StreamName:
    name = parse_stream(text, symbols) if venue.has_stream(text) else None
    if name is None:
        raise Denial(-1130, f"Unknown stream '{text}'.")
    return name
