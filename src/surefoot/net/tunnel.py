"""What is said to a proxy before the exchange can be spoken to, as machines: bytes in, bytes out."""

import ipaddress
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Protocol

from surefoot.errors import CannotConnect, Facts, Misuse
from surefoot.net.http1 import header_block, request_bytes
from surefoot.net.proxy import Proxy
from surefoot.wire import Origin

_HEAD_BYTES = 16_384
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: ([^\r\n]*))?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_SHOWN = 80
_PROXY_AUTHENTICATION = 407
_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time to live expired",
    7: "command not supported",
    8: "address type not supported",
}
_VERSION, _NO_AUTHENTICATION, _BY_PASSWORD = 5, 0, 2
_IPV4, _NAME, _IPV6 = 1, 3, 4
_ADDRESS_BYTES = {_IPV4: 4, _IPV6: 16}


class Tunnel(Protocol):
    """A conversation with a proxy: say `opening`, then what `feed` answers, until `done`."""

    opening: bytes
    done: bool

    def feed(self, data: bytes) -> bytes:
        """What to say next, perhaps nothing; raises `CannotConnect` when the proxy refuses or babbles."""
        ...


def tunnel_to(origin: Origin, proxy: Proxy) -> Tunnel:
    """The conversation that `proxy` expects before it carries bytes to `origin`."""
    return (Connect if proxy.scheme == "http" else Socks5)(origin, proxy)


class Connect:
    """HTTP's CONNECT (RFC 9110, section 9.3.6), with Basic authentication where a user is given."""

    def __init__(self, origin: Origin, proxy: Proxy) -> None:
        self._where, self._to = proxy.where, _authority(origin)
        headers = {"Host": self._to}
        if proxy.user is not None and proxy.password is not None:
            pair = f"{proxy.user}:{proxy.password.reveal()}".encode()
            headers["Proxy-Authorization"] = f"Basic {b64encode(pair).decode()}"
        self.opening = request_bytes("CONNECT", self._to, header_block(headers), b"")
        self.done = False
        self._head = b""

    def feed(self, data: bytes) -> bytes:
        if self.done:
            raise _babble(self._where, "it said more than was asked for")
        self._head += data
        end = _END.search(self._head)
        status = _STATUS.match(self._head)
        if end is None:
            if len(self._head) > _HEAD_BYTES or (b"\n" in self._head and status is None):
                raise _babble(self._where, "its answer to CONNECT is not HTTP/1.1")
            return b""
        if status is None:
            raise _babble(self._where, "its answer to CONNECT is not HTTP/1.1")
        self._judge(int(status[1]), status[2] or b"")
        if end.end() != len(self._head):
            raise _babble(self._where, "it said more than was asked for")
        self.done = True
        return b""

    def _judge(self, status: int, reason: bytes) -> None:
        if status // 100 == 2:  # noqa: PLR2004 - any 2xx opens the tunnel
            return
        said = "".join(letter for letter in reason[:_SHOWN].decode("latin-1") if letter.isprintable())
        hint = "; give user and password" if status == _PROXY_AUTHENTICATION else ""
        text = f"the proxy {self._where} refused to connect to {self._to}: {status} {said}".rstrip()
        raise CannotConnect(text + hint, Facts(status=status))


class Socks5:
    """SOCKS version 5 (RFC 1928) with user and password (RFC 1929); names are looked up by the proxy."""

    def __init__(self, origin: Origin, proxy: Proxy) -> None:
        self._where, self._to, self._proxy = proxy.where, _authority(origin), proxy
        self._request = bytes([_VERSION, 1, 0]) + _address(origin.host) + origin.port.to_bytes(2, "big")
        offered = [_NO_AUTHENTICATION] + ([_BY_PASSWORD] if proxy.user is not None else [])
        self.opening = bytes([_VERSION, len(offered), *offered])
        self._offered = offered
        self._said = b""
        self._step: Callable[[], bytes | None] = self._chosen
        self.done = False

    def feed(self, data: bytes) -> bytes:
        if self.done:
            raise _babble(self._where, "it said more than was asked for")
        self._said += data
        answer = self._step()
        if answer is None:
            return b""
        if self._said:  # it speaks only when it is spoken to
            raise _babble(self._where, "it said more than was asked for")
        return answer

    def _take(self, count: int) -> bytes | None:
        if len(self._said) < count:
            return None
        taken, self._said = self._said[:count], self._said[count:]
        return taken

    def _chosen(self) -> bytes | None:
        choice = self._take(2)
        if choice is None:
            return None
        if choice[0] != _VERSION:
            raise _babble(self._where, "its answer is not SOCKS5")
        if choice[1] not in self._offered:
            hint = "give other credentials" if self._proxy.user else "give user and password"
            raise CannotConnect(f"the proxy {self._where} accepts no way to log on that was offered; {hint}")
        if choice[1] == _BY_PASSWORD:
            self._step = self._let_in
            return self._credentials()
        self._step = self._connected
        return self._request

    def _credentials(self) -> bytes:
        assert self._proxy.user is not None
        assert self._proxy.password is not None
        user, password = self._proxy.user.encode(), self._proxy.password.reveal().encode()
        return bytes([1, len(user)]) + user + bytes([len(password)]) + password

    def _let_in(self) -> bytes | None:
        verdict = self._take(2)
        if verdict is None:
            return None
        if verdict[1] != 0:
            raise CannotConnect(f"the proxy {self._where} refused user and password")
        self._step = self._connected
        return self._request

    def _connected(self) -> bytes | None:
        head = self._said[:5]
        if len(head) < 5:  # noqa: PLR2004 - version, reply, nought, kind of address, its first byte
            return None
        if head[0] != _VERSION:
            raise _babble(self._where, "its answer is not SOCKS5")
        if head[1] != 0:
            reason = _REPLIES.get(head[1], f"reply {head[1]}")
            raise CannotConnect(f"the proxy {self._where} could not connect to {self._to}: {reason}")
        size = 1 + head[4] if head[3] == _NAME else _ADDRESS_BYTES.get(head[3])
        if size is None:
            raise _babble(self._where, "its answer is not SOCKS5")
        if self._take(4 + size + 2) is None:
            return None
        self.done = True
        return b""


def _authority(origin: Origin) -> str:
    return f"[{origin.host}]:{origin.port}" if ":" in origin.host else f"{origin.host}:{origin.port}"


def _address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _name(host)
    return bytes([_IPV4 if address.version == 4 else _IPV6]) + address.packed  # noqa: PLR2004


def _name(host: str) -> bytes:
    try:
        name = host.encode("idna")
    except UnicodeError:
        raise Misuse(f"{host!r} is not a host name that a proxy could look up") from None
    return bytes([_NAME, len(name)]) + name


def _babble(where: str, what: str) -> CannotConnect:
    return CannotConnect(f"the proxy {where} cannot be used: {what}")
