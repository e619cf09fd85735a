"""Whose address a request is counted under: its sender's, or the one that a test on loopback claims."""

from ipaddress import ip_address

from surefoot.errors import Misuse
from surefoot.wire import HttpRequest

HEADER = "x-surefoot-address"
"""Tells test clients on one machine apart; Binance knows no such header."""


def address_of(request: HttpRequest, peer: str) -> str:
    """The address that limits, bans and keys look at; raises `Misuse` for a claim that is no IP address.

    Claims are believed from loopback only: others are who they are.
    """
    claimed = request.headers.get(HEADER)
    if claimed is None or not _is_loopback(peer):
        return peer
    try:
        return str(ip_address(claimed.strip()))
    except ValueError:
        raise Misuse(
            f"X-Surefoot-Address: {claimed!r} is no IP address; send one such as 192.0.2.1"
        ) from None


def _is_loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
