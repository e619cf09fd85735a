"""Which proxy stands between a client and the exchange, if any: given in so many words, or by the environment
when that is asked for.
"""

import os
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from surefoot.errors import Misuse
from surefoot.values import Secret
from surefoot.wire import Origin

ENVIRONMENT = "environment"
_PORTS = {"http": 3128, "socks5": 1080, "socks5h": 1080}
_KNOWN = "http://, socks5:// or socks5h://"
_LONGEST = 255  # RFC 1929: a name and a password are counted in one byte each


class Proxy(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP proxy that knows CONNECT, or a SOCKS5 proxy; both look the exchange's name up themselves."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: Secret | None = None

    @property
    def where(self) -> str:
        """Its address as it may be printed: without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def way(origin: Origin, proxy: Proxy | None) -> str:
    """Where a connection goes, as an error says it."""
    there = f"{origin.scheme}://{origin.authority}"
    return there if proxy is None else f"{there} through the proxy {proxy.where}"


def parse_proxy(url: str) -> Proxy:
    """Read ``http://user:password@host:port``; raises `Misuse`, which never shows user or password."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    shown = _shown(parts)
    try:
        port = parts.port
    except ValueError:
        raise Misuse(f"the proxy {shown} has no valid port") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Misuse(f"the proxy {shown} is not one that is spoken here; give {_KNOWN} with host and port")
    user = None if parts.username is None else unquote(parts.username)
    password = None if user is None else unquote(parts.password or "")
    if user is not None and password is not None:
        _judge(parts.scheme, user, password, shown)
    return Proxy(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=user,
        password=None if password is None else Secret(password),
    )


def _judge(scheme: str, user: str, password: str, shown: str) -> None:
    if scheme == "http":
        if ":" in user or not (user + password).isprintable():
            raise Misuse(f"the proxy {shown}: a user name holds no colon, neither of them control characters")
    elif not all(0 < len(text.encode()) <= _LONGEST for text in (user, password)):
        raise Misuse(f"the proxy {shown}: SOCKS5 takes a user and a password of 1 to {_LONGEST} bytes each")


def _shown(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def chosen_proxy(
    given: str | None, origin: Origin, variables: Mapping[str, str] = os.environ
) -> Proxy | None:
    """The proxy on the way to `origin`: the one `given`, or with ``"environment"`` that of HTTPS_PROXY (for
    unencrypted origins http_proxy) or ALL_PROXY, unless NO_PROXY names the host. Raises `Misuse`.
    """
    if given is None:
        return None
    if given != ENVIRONMENT:
        return parse_proxy(given)
    if _exempt(origin.host, variables.get("no_proxy") or variables.get("NO_PROXY") or ""):
        return None
    own = ("https_proxy", "HTTPS_PROXY") if origin.tls else ("http_proxy",)  # HTTP_PROXY can be a CGI header
    found = next((variables[name] for name in (*own, "all_proxy", "ALL_PROXY") if variables.get(name)), None)
    return None if found is None else parse_proxy(found)


def _exempt(host: str, names: str) -> bool:
    for name in names.split(","):
        wanted = name.strip().lower().lstrip(".")
        if wanted == "*" or (wanted and (host == wanted or host.endswith(f".{wanted}"))):
            return True
    return False
