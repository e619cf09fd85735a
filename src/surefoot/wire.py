"""What travels, as plain values: the only words that the meaning wing and the outside wing share."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import msgspec

from surefoot.errors import Misuse

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class Origin(msgspec.Struct, frozen=True):
    """Where a connection goes: scheme (http, https, ws, wss), host, port."""

    scheme: str
    host: str
    port: int

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme in {"https", "wss"}

    @property
    def authority(self) -> str:
        """Value of the ``Host`` header: the port only when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse_url(url: str) -> tuple[Origin, str]:
    """Split a base URL into its origin and its path without a trailing slash; raises `Misuse`."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise Misuse(f"{url!r} has no valid port") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Misuse(f"{url!r} is not an http(s) or ws(s) URL")
    return Origin(parts.scheme, parts.hostname, port or _PORTS[parts.scheme]), parts.path.rstrip("/")


class Headers(Mapping[str, str]):
    """Header lines as they came: names in lower case, repeated ones joined by a comma.

    Read when somebody first asks; most answers are never asked. `lines` may be a mapping, where no name
    comes twice; `find` then reads nothing else.
    """

    __slots__ = ("_fields", "_lines", "_read")

    def __init__(self, lines: Iterable[tuple[bytes, bytes]] | dict[bytes, bytes]) -> None:
        self._fields = lines if isinstance(lines, dict) else None
        self._lines = lines
        self._read: dict[str, str] | None = None

    def find(self, name: bytes) -> bytes | None:
        """The value of `name` (lower case) as it came, without reading the others where that is possible."""
        if self._fields is not None:
            found = self._fields.get(name)
            if found is not None:
                return found
        text = self._by_name().get(name.decode())
        return None if text is None else text.encode("latin-1")

    def _by_name(self) -> dict[str, str]:
        if self._read is None:
            self._read = {}
            lines = self._lines.items() if isinstance(self._lines, dict) else self._lines
            for raw_name, raw_text in lines:
                name, text = raw_name.decode("latin-1").lower(), raw_text.decode("latin-1")
                self._read[name] = f"{self._read[name]}, {text}" if name in self._read else text
        return self._read

    def __getitem__(self, name: str) -> str:
        return self._by_name()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name())

    def __len__(self) -> int:
        return len(self._by_name())

    def __repr__(self) -> str:
        return repr(self._by_name())


class HttpRequest(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request. `target` is path and query exactly as sent; parsed header names are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


class HttpResponse(msgspec.Struct, frozen=True, gc=False):
    """One HTTP response; header names are lower-case when parsed."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Lost(msgspec.Struct, frozen=True):
    """No answer came. `delivered` is False only when it is certain that no byte reached the other side."""

    delivered: bool
    reason: str


class Closed(msgspec.Struct, frozen=True):
    """A WebSocket is over: close code (1006 when the wire was cut) and reason."""

    code: int
    reason: str = ""
