"""The asynchronous shells: HTTP, the WebSocket API, streams. They touch sockets; what they do is
decided elsewhere.

First file to read: `client`. `stream` is the life of any stream, `line` one of its connections, which the
`watchdog` watches and the `rotator` has replaced by a `handover`; `market_stream` is what changes on one,
`inbox` the queue of its reader. `loop_thread`, `guest` and `blocking_stream` lend the streams to who blocks.
"""

from surefoot.client.aio.client import AsyncClient, connect
from surefoot.client.aio.market_stream import MarketStream, StreamOptions
from surefoot.client.aio.session import ApiSession
from surefoot.client.aio.stream import EventStream

__all__ = ["ApiSession", "AsyncClient", "EventStream", "MarketStream", "StreamOptions", "connect"]
