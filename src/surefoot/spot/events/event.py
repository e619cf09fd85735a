"""What every event is, and the two that any stream may tell."""

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, repr_omit_defaults=True, gc=False):
    """Something the exchange said by itself. Times are milliseconds since 1970, or microseconds where the
    stream was opened with them.
    """


class ServerShutdown(
    Event, frozen=True, rename={"event_time": "E"}, tag_field="e", tag="serverShutdown", gc=False
):
    """The server is about to close this connection."""

    event_time: int


class UnknownEvent(Event, frozen=True):
    """An event type that this version does not know: its name and its raw JSON."""

    name: str
    raw: bytes
