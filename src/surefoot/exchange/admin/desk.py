"""The admin endpoint itself: who may ask, which operation it is, JSON in and out.

Only this machine may ask, and only programs: a page in a browser is kept out, because it can make the browser
of whoever runs the exchange send requests here. A browser says ``Origin`` or ``Sec-Fetch-Site``, and sends
JSON to another site only after it was allowed to, which nobody here does.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.admin.operation import Nothing, Operation
from surefoot.exchange.admin.running import Running
from surefoot.exchange.admin.table import OPERATIONS
from surefoot.serve.answers import JSON
from surefoot.wire import HttpRequest, HttpResponse

PATH = "/admin/"
_METHODS = ("GET", "POST", "DELETE")
_KIND = "application/json"
_MOST_DIGITS = 18
_encode = msgspec.json.Encoder(decimal_format="string").encode


class _Refused(Exception):
    """What is refused, with the HTTP status and the reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def is_admin(request: HttpRequest) -> bool:
    """Whether a request is for the admin endpoint."""
    return request.target.startswith(PATH) or request.target == PATH.rstrip("/")


def respond(server: Running, request: HttpRequest, peer: str) -> HttpResponse:
    """Answer a request of the admin endpoint. `peer` is the address it comes from."""
    try:
        _let_in(request, peer)
        return HttpResponse(200, JSON, _encode(_act(server, request)))
    except _Refused as refused:
        return _error(refused.status, refused.reason)
    except (Misuse, msgspec.ValidationError) as error:
        return _error(400, str(error))


def _error(status: int, reason: str) -> HttpResponse:
    return HttpResponse(status, JSON, _encode({"error": reason}))


def _let_in(request: HttpRequest, peer: str) -> None:
    if not is_loopback(peer):
        raise _Refused(403, f"the admin endpoint answers this machine only, not {peer}")
    headers = request.headers
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        raise _Refused(403, "the admin endpoint does not answer pages in a browser")
    if request.method not in _METHODS:
        raise _Refused(405, f"{request.method} is none of {', '.join(_METHODS)}")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "GET" and kind != _KIND:
        raise _Refused(415, f"content-type {kind!r}: say {_KIND}, also where there is no body")


def is_loopback(peer: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def _act(server: Running, request: HttpRequest) -> Any:
    path = request.target.partition("?")[0].removeprefix(PATH.rstrip("/")).strip("/")
    if not path and request.method == "GET":
        return {"operations": [_described(name, operation) for name, operation in OPERATIONS.items()]}
    operation, told = _operation(request.method, path)
    return operation.act(server, _body(operation, request.body, told))


def _operation(method: str, path: str) -> tuple[Operation, Mapping[str, int]]:
    """The operation, and what the path itself says: the number in ``DELETE /admin/faults/3``."""
    head, _, last = path.rpartition("/")
    if method == "DELETE" and head and last.isdecimal() and len(last) <= _MOST_DIGITS:
        return _operation("POST", f"{head}/remove")[0], {"number": int(last)}
    found = OPERATIONS.get(f"{method} {path}") or (None if method == "DELETE" else OPERATIONS.get(path))
    if found is None:
        known = ", ".join(dict.fromkeys(name.rpartition(" ")[2] for name in OPERATIONS))
        raise _Refused(404, f"{method} {PATH}{path} is no operation; GET {PATH} lists them: {known}")
    if method == "GET" and found.body is not Nothing:
        raise _Refused(405, f"{PATH}{path} is asked with POST")
    return found, {}


def _body(operation: Operation, body: bytes, told: Mapping[str, int]) -> Any:
    if told:
        return msgspec.convert(told, operation.body)
    try:
        return msgspec.json.decode(body or b"{}", type=operation.body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, f"the body is no JSON: {error}") from None


def _described(name: str, operation: Operation) -> Mapping[str, Any]:
    method, _, path = name.rpartition(" ")
    if not method:
        method = "GET" if operation.body is Nothing else "POST"
    fields = [field.encode_name for field in msgspec.structs.fields(operation.body)]
    words = (operation.act.__doc__ or "").partition("\n")[0]
    return {"method": method, "path": PATH + path, "does": words, "body": fields}
