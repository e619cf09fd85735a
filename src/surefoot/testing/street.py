"""The street between tests and an exchange: a `FaultProxy` on a thread of its own, for blocking code."""

from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from surefoot.spot.environments import Environment, local
from surefoot.testing.embedded import EmbeddedExchange
from surefoot.testing.proxy import FaultProxy, Rule, Strike
from surefoot.testing.thread import ServerThread


class Street:
    """Clients that are given `environment` reach the exchange through the proxy, which does as its rules say
    (`surefoot.testing.proxy`). Its methods may be called from any thread.
    """

    def __init__(self, exchange: EmbeddedExchange) -> None:
        there = urlsplit(exchange.environment.rest)
        assert there.hostname is not None
        assert there.port is not None
        self._proxy = FaultProxy(there.hostname, there.port)
        self._thread = ServerThread(self._proxy, "street")
        self._thread.start()
        place = f"127.0.0.1:{self._proxy.port}"
        self.environment: Environment = local(f"http://{place}", f"ws://{place}/ws-api/v3", f"ws://{place}")

    def __repr__(self) -> str:
        return f"Street({self.environment.rest})"

    def add(self, rule: Rule) -> None:
        """Put a rule in force; raises `Misuse` for one that could never strike."""
        self._thread.call(lambda: self._proxy.add(rule))

    def clear(self) -> None:
        """Take all rules back."""
        self._thread.call(self._proxy.clear)

    def cut(self) -> int:
        """Reset every connection now; returns how many there were."""
        return self._thread.call(self._proxy.cut)

    def refuse(self, refusing: bool = True) -> None:
        """Reset every new connection from now on, or none any more."""
        self._thread.call(lambda: setattr(self._proxy, "refusing", refusing))

    @property
    def strikes(self) -> tuple[Strike, ...]:
        """The latest strikes, the oldest first."""
        return self._thread.call(lambda: tuple(self._proxy.strikes))

    def close(self) -> None:
        """Reset every connection and stop; does nothing the second time."""
        self._thread.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
