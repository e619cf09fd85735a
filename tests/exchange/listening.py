"""A connection to the market streams of a bench, without sockets."""

import json
from pathlib import Path
from typing import Any

from surefoot.exchange.door.connections import stream_choice
from surefoot.exchange.door.streams import StreamSession
from surefoot.exchange.feeds.listeners import StreamListener
from surefoot.exchange.feeds.stream_names import PERIODS_MS

SAMPLES = json.loads((Path(__file__).parents[1] / "facts" / "event_samples.json").read_text(encoding="utf-8"))
STREAMS, USER_EVENTS = SAMPLES["web-socket-streams.md"], SAMPLES["user-data-stream.md"]


class Listening:
    """`say` sends a control message, `tick` ends a period; both return what the connection was told."""

    def __init__(self, bench, wire, path: str = "/ws", query: str = "") -> None:
        symbols = frozenset(bench.front.desk.info.names())
        choice = stream_choice(
            path,
            query,
            symbols,
            most=bench.front.limiter.profile.streams_per_connection,
            venue=bench.front.venue,
            account_of=lambda text: bench.front.desk.listen_keys.account_of(text, bench.now_us),
        )
        self.bench, self.wire = bench, wire
        self.listener = StreamListener(wire, combined=choice.combined, unit=choice.unit)
        self.session = StreamSession(bench.front, self.listener, symbols)
        self.session.start(choice)

    def say(self, **message: Any) -> dict[str, Any]:
        self.session.on_text(json.dumps(message).encode(), self.bench.now_us)
        self.bench.now_us += 1_000_000
        return self.wire.sent.pop(0)

    def tick(self, period_ms: int = 100) -> list[Any]:
        self.bench.front.hub.tick(period_ms, self.bench.now_us)
        return self.wire.take()

    def ticks(self) -> list[Any]:
        """All periods end at once."""
        return [event for period_ms in PERIODS_MS for event in self.tick(period_ms)]


def shape(value: Any) -> Any:
    """Field names in their order and JSON types; of a list the shape of its first item."""
    match value:
        case dict():
            return [(name, shape(item)) for name, item in value.items()]
        case list():
            return [shape(item) for item in value[:1]]
    return type(value).__name__
