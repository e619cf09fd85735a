"""The text of the generated page of the streams."""

import inspect
from collections.abc import Iterable

import msgspec

from surefoot.client.streams import POLICIES, Gap, SubscriptionEnded
from surefoot.codec.streams import EVENTS
from surefoot.spot import events, streams
from surefoot.spot.events import Event, ServerShutdown, UnknownEvent, UserEvent
from surefoot.spot.streams import StreamKind
from tools.pages import first_line, head, table

_FORMS = {
    StreamKind.KLINE: ["<symbol>@kline_<interval>@+08:00"],
    StreamKind.PARTIAL_DEPTH: ["<symbol>@depth<levels>@100ms"],
    StreamKind.DEPTH: ["<symbol>@depth@100ms"],
}
_CONNECTION = (ServerShutdown, UnknownEvent, Gap, SubscriptionEnded)
_PARTS = (events.market.StreamKline, events.PositionBalance, events.ListedOrder)


def streams_page() -> str:
    """The kinds of market stream, the events of an account, and the fields of both."""
    account = [kind for kind in UserEvent.__args__ if kind not in _CONNECTION]
    told = list(dict.fromkeys(EVENTS.values()))
    return "\n".join(
        [
            head("Streams", "`surefoot/spot/streams.py`, `surefoot/spot/events` and `surefoot/client`"),
            "How to use them is told in [streams](../howto/streams.md).\n",
            "## Market streams\n",
            "The functions are in `surefoot.spot.streams` and spell the name of a stream. *Unread*: what the "
            "queue holds for a\nslow reader; what it keeps is never dropped. With "
            "`StreamOptions(conflate=False)` every kind is kept.\n",
            table(["stream", "function", "tells", "event", "unread"], [_kind(kind) for kind in StreamKind]),
            "\n## Events of an account\n",
            "`user_data()` tells them; every one is kept.\n",
            table(["name", "event", "meaning"], [_named(kind) for kind in account]),
            "\n## Events of any stream\n",
            table(["name", "event", "meaning"], [_named(kind) for kind in _CONNECTION]),
            "\n## Fields\n",
            "Each field with its key in Binance's JSON; those in italics are there only when they apply. "
            "Amounts are `Decimal`, times\nmilliseconds, or microseconds with "
            "`StreamOptions(microseconds=True)`.\n",
            table(["event", "fields"], [_fields(kind) for kind in _spelled([*told, *account])]),
            "",
        ]
    )


def _kind(kind: StreamKind) -> list[str]:
    names = ", ".join(f"`{name}`" for name in [kind.value, *_FORMS.get(kind, [])])
    function = getattr(streams, kind.name.lower())
    call = f"`{function.__name__}({', '.join(inspect.signature(function).parameters)})`"
    return [names, call, first_line(function), f"`{EVENTS[kind].__name__}`", str(POLICIES[kind])]


def _named(kind: type[Event]) -> list[str]:
    tag = kind.__struct_config__.tag
    return [f"`{tag}`" if tag else "", f"`{kind.__name__}`", first_line(kind)]


def _spelled(told: Iterable[type[Event]]) -> list[type[msgspec.Struct]]:
    """The structs whose fields are keys of the exchange's JSON."""
    return [*(kind for kind in told if kind.__struct_fields__ != ("tickers",)), *_PARTS]


def _fields(kind: type[msgspec.Struct]) -> list[str]:
    words = []
    for field in msgspec.structs.fields(kind):
        name = f"`{field.name}`" if field.required else f"*`{field.name}`*"
        words.append(name if field.name == field.encode_name else f"{name} {field.encode_name}")
    return [f"`{kind.__name__}`", ", ".join(words)]
