"""The halves of a cancel-replace of which only one happened, as the types they have when asked for alone.

Source: rest-api, *Cancel an Existing Order and Send a New Order*.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.spot.enums import CancelReplaceResult
from surefoot.spot.order_replace import RefusedHalf
from surefoot.spot.orders import CancelAnswer, CanceledList, OrderAnswer

_HALVES = (
    ("cancelResult", "cancelResponse", (CancelAnswer, CanceledList)),
    ("newOrderResult", "newOrderResponse", (OrderAnswer,)),
)


def halves(data: Any) -> tuple[Any, Any]:
    """The half that happened and the one that did not; each as it came (or None) where it cannot be read."""
    found: dict[bool, Any] = {}
    for result, response, kinds in _HALVES if isinstance(data, Mapping) else ():
        happened = data.get(result) == CancelReplaceResult.SUCCESS
        found[happened] = _read(data.get(response), kinds if happened else (RefusedHalf,))
    return found.get(True), found.get(False)


def _read(said: Any, kinds: tuple[type[msgspec.Struct], ...]) -> Any:
    for kind in kinds:
        try:
            return msgspec.convert(said, kind)
        except msgspec.ValidationError:
            continue
    return said
