"""WebSocket connections to a place that may be reached in several ways."""

import ssl

import msgspec

from surefoot.client.admission import may_connect
from surefoot.client.allowance import LIMITING
from surefoot.client.desk import Desk
from surefoot.codec.rest import retry_after_ms
from surefoot.errors import CannotConnect, Facts
from surefoot.net.websocket import TextSink, WebSocket, dial_websocket
from surefoot.rules.outcomes import Said
from surefoot.wire import parse_url

PING_EVERY_MS = 20_000
_SERVER_ERROR = 500


async def dial_any(
    desk: Desk,
    urls: tuple[str, ...],
    target: str,
    sink: TextSink,
    tls: ssl.SSLContext | None,
    *,
    weight: int = 0,
) -> WebSocket:
    """A connection to the first of `urls` that takes one, `target` put behind each; raises `CannotConnect`
    with what the last one said, and `HeldBack` where the limits have no room for an attempt, which costs
    `weight`. A refusal of the handshake (4xx) is an answer: nobody else is asked then.
    """
    *others, last = urls
    for url in others:
        may_connect(desk, weight)
        try:
            return await _dial(desk, url, target, sink, tls)
        except CannotConnect as error:
            if error.facts.status is not None and error.facts.status < _SERVER_ERROR:
                raise
            desk.teller.note(f"another way is tried: {error}")
    may_connect(desk, weight)
    return await _dial(desk, last, target, sink, tls)


async def _dial(desk: Desk, url: str, target: str, sink: TextSink, tls: ssl.SSLContext | None) -> WebSocket:
    origin, base = parse_url(url)
    proxy = desk.proxy_to(origin)
    try:
        return await dial_websocket(
            origin, base + target, sink, tls=tls, proxy=proxy, ping_every_ms=PING_EVERY_MS
        )
    except CannotConnect as error:
        error.facts = _turned_away(desk, error.facts)
        raise


def _turned_away(desk: Desk, facts: Facts) -> Facts:
    """What a handshake met; where that is a 429 or a ban, returns the facts with its end."""
    if facts.status is None or facts.status not in LIMITING:
        return facts
    wait_ms = retry_after_ms(facts.headers)
    until_ms = None if wait_ms is None else desk.now_ms() + wait_ms
    said = Said(status=facts.status, result=b"", code=facts.code, retry_at_ms=until_ms)
    return msgspec.structs.replace(facts, retry_at_ms=limited(desk, said))


def limited(desk: Desk, said: Said) -> int:
    """A 429 or a ban that answers no request under way is a matter of everybody here; returns its end."""
    now_ms = desk.now_ms()
    desk.allowance.turned_away(said, now_ms)
    silence = desk.allowance.silence(now_ms)  # also where the exchange does not say how long
    until_ms = int(silence.at_ms) if silence else said.retry_at_ms or now_ms
    desk.teller.limited(said.status, said.code, until_ms)
    return until_ms
