"""One connection to the market streams (official page *WebSocket Streams*)."""

from collections.abc import Collection

import msgspec

from surefoot.exchange.door.connections import StreamChoice
from surefoot.exchange.door.controls import Controls
from surefoot.exchange.door.front import Front
from surefoot.exchange.feeds.listeners import POLICY_VIOLATION, KeyListener, StreamListener
from surefoot.exchange.render.streams import server_shutdown

_encode = msgspec.json.Encoder().encode


class StreamSession:
    """Answers and counts the messages of one connection; the shell calls `on_text`, `counted` and `over`."""

    def __init__(
        self, front: Front, listener: StreamListener, symbols: Collection[str], address: str = ""
    ) -> None:
        self._front, self._hub = front, front.hub
        self._listener = listener
        self._address = address
        self._controls = Controls(front, listener, symbols)
        self._second = 0
        self._messages = 0
        self._flooded = False
        self._followers: list[KeyListener] = []

    def start(self, choice: StreamChoice) -> None:
        """Subscribe to the streams and the accounts that the URL names."""
        for name in choice.names:
            self._hub.subscribe(self._listener, name)
        for listen_key, account in choice.listen_keys.items():
            follower = KeyListener(account, listen_key, self._listener)
            self._followers.append(follower)
            self._hub.follow(follower)

    def on_text(self, data: bytes, now_us: int) -> None:
        """Answer one control message."""
        if self.counted(now_us):
            self._listener.wire.send(self._controls.answer(data))

    def counted(self, now_us: int) -> bool:
        """Count one message (also each ping and pong); more than five in a second end the connection, and
        addresses to which that happens again and again are banned.
        """
        if now_us // 1_000_000 != self._second:
            self._second, self._messages = now_us // 1_000_000, 0
        self._messages += 1
        limiter = self._front.limiter
        if self._messages > limiter.profile.messages_per_second:
            self._listener.wire.close(POLICY_VIOLATION, "Too many requests")
            if not self._flooded:
                self._flooded = True
                limiter.flooded(self._address, now_us)
                self._front.settle(now_us)
            return False
        return True

    def shutdown_event(self, now_us: int) -> bytes:
        """What this connection is told before the exchange ends it."""
        body = _encode(server_shutdown(now_us, self._listener.unit))
        return self._listener.wrapped("!serverShutdown", body)

    def over(self) -> None:
        """The connection is closed."""
        for name in tuple(self._listener.names.values()):
            self._hub.unsubscribe(self._listener, name)
        for follower in self._followers:
            self._hub.unfollow(follower)
