"""The requests that add exposure, as the journal keeps them: by name, and as JSON (pure)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from surefoot.errors import JournalError
from surefoot.spot.order_list_oco import NewOco, NewOcoDeprecated
from surefoot.spot.order_list_oto import NewOpo, NewOpoco, NewOto, NewOtoco
from surefoot.spot.order_lists import ListTicket
from surefoot.spot.order_replace import AmendOrder, CancelReplace
from surefoot.spot.request import Request
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET

R = TypeVar("R", bound=Request[Any])

Placing = NewOrder | CancelReplace | AmendOrder | ListTicket
"""What is written down before it is sent."""

_KINDS: Mapping[str, type[Request[Any]]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            NewOrder,
            CancelReplace,
            AmendOrder,
            NewOco,
            NewOcoDeprecated,
            NewOto,
            NewOtoco,
            NewOpo,
            NewOpoco,
        )
    }
)
_ENCODER = msgspec.json.Encoder()
_DECODERS = MappingProxyType({name: msgspec.json.Decoder(kind) for name, kind in _KINDS.items()})


def is_placing(request: object) -> bool:
    """Whether it is one of those that are written down."""
    return type(request).__name__ in _KINDS


def spelled(request: Request[Any]) -> msgspec.Raw:
    """`request` as JSON."""
    return msgspec.Raw(_ENCODER.encode(request))


def renewed(request: R) -> R:
    """`request` without the ids that it would place orders and lists under, so that it is given new ones."""
    names = (
        name
        for name in request.__struct_fields__
        if name.endswith("client_order_id") and not name.startswith(("orig_", "cancel_"))
    )
    return msgspec.structs.replace(request, **dict.fromkeys(names, UNSET))


def remembered(name: str, raw: msgspec.Raw) -> Any:
    """The request again; raises `JournalError` for what this version does not know."""
    decoder = _DECODERS.get(name)
    if decoder is None:
        raise JournalError(f"the journal holds a request {name!r}, which this version does not know")
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise JournalError(f"the journal holds a {name} that cannot be read: {error}") from None


def id_of(request: Any) -> str:
    """The client order id that `request` is known by: of a list, the list's."""
    name = "list_client_order_id" if isinstance(request, ListTicket) else "new_client_order_id"
    given = getattr(request, name)
    assert given is not UNSET, "it was given ids before it came here"
    return str(given)
