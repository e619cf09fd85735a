"""What sending a request would put on the wire, without sending it: for people who want to see it first."""

import re
from typing import Any

from surefoot.client.desk import Desk
from surefoot.client.ids import identified
from surefoot.client.rest import RestSpelling
from surefoot.codec import rest
from surefoot.spot.request import Request

_KEY = b"x-mbx-apikey:"
_SIGNATURE = re.compile(rb"&signature=[^& ]*")


class _Nobody:
    """Signs nothing, where there is no key."""

    kind = "none"
    can_log_on = False

    def sign(self, payload: bytes) -> str:
        return ""


def rehearsed(desk: Desk, request: Request[Any], recv_window_ms: int | None = None) -> bytes:
    """The HTTP bytes of `request` over REST if it were sent now, without the key's header and the signature.

    Content-Length counts the signature that is left out here (an empty one, where there is no key). What is
    forbidden may be rehearsed: nothing leaves.
    """
    desk.admit(request)
    spelling = RestSpelling(desk)
    request = identified(request, desk.now_ms(), desk.entropy)
    if not request.endpoint.signed:
        return spelling.http(spelling.spell(request, recv_window_ms))
    signer = desk.key.signer if desk.key is not None else _Nobody()
    window_ms = desk.clock.window_ms(recv_window_ms)
    spelled = rest.signed(request, signer, desk.now_ms(), window_ms, spelling.base)
    head, end, body = spelling.http(spelled).partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(_KEY)]
    return _SIGNATURE.sub(b"", b"\r\n".join(kept)) + end + _SIGNATURE.sub(b"", body)
