"""The server's no, in its documented words (official page *Error codes*)."""

from collections.abc import Mapping
from typing import Any

_STATUS = {-1002: 401, -1003: 429, -1015: 429, -2014: 401, -2015: 401}


class Denial(Exception):
    """An answer that refuses: error `code`, `message`, HTTP `status`.

    `retry_at_ms` (milliseconds since 1970) is set when waiting helps; `data` is what a half-done
    cancelReplace says of both halves.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: int | None = None,
        retry_at_ms: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status or _STATUS.get(code, 400)
        self.retry_at_ms = retry_at_ms
        self.data = data


def illegal_characters(name: str, legal: str) -> Denial:
    """-1100, naming the legal range."""
    return Denial(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


def duplicate_values() -> Denial:
    """-1101 for a name that was sent twice in one place."""
    return Denial(-1101, "Duplicate values for a parameter detected.")


def too_many(expected: int, received: int) -> Denial:
    """-1101 when more was sent than the endpoint could ever read."""
    return Denial(-1101, f"Too many parameters; expected '{expected}' and received '{received}'.")


def too_many_values(name: str, most: int) -> Denial:
    """-1101 for a list that is too long."""
    return Denial(-1101, f"Too many values sent for parameter '{name}', maximum allowed up to {most}.")


def missing(name: str) -> Denial:
    """-1102 for a mandatory parameter."""
    return Denial(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def neither(first: str, second: str) -> Denial:
    """-1102 for a pair of which one is mandatory."""
    return Denial(-1102, f"Param '{first}' or '{second}' must be sent, but both were empty/null!")


def unread(read: int, sent: int) -> Denial:
    """-1104 for parameters that the endpoint does not know."""
    text = f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'."
    return Denial(-1104, text)


def empty(name: str) -> Denial:
    """-1105 for an optional parameter without a value."""
    return Denial(-1105, f"Parameter '{name}' was empty.")


def not_required(name: str) -> Denial:
    """-1106 for a parameter that does not belong to this order type (-1114 for timeInForce)."""
    if name == "timeInForce":
        return Denial(-1114, "TimeInForce parameter sent when not required.")
    return Denial(-1106, f"Parameter '{name}' sent when not required.")


def overflowed(name: str) -> Denial:
    """-1108 for a number that no field holds."""
    return Denial(-1108, f"Parameter '{name}' overflowed.")


def too_precise(name: str) -> Denial:
    """-1111 for more decimals than the asset has."""
    return Denial(-1111, f"Parameter '{name}' has too much precision.")


def bad_combination() -> Denial:
    """-1128 for optional parameters that exclude each other."""
    return Denial(-1128, "Combination of optional parameters invalid.")


def not_together(*names: str) -> Denial:
    """-1128 for parameters that only make sense together."""
    return Denial(-1128, f"Fields [{', '.join(names)}] must be sent together or omitted entirely.")


def invalid(name: str) -> Denial:
    """-1130 for a value out of range."""
    return Denial(-1130, f"Data sent for parameter '{name}' is not valid.")


def invalid_json(name: str) -> Denial:
    """-1135 for a parameter that should have been JSON."""
    return Denial(-1135, f"JSON sent for parameter '{name}' is not valid")


def bad_symbol() -> Denial:
    """-1121 for a symbol that is not listed."""
    return Denial(-1121, "Invalid symbol.")


def iceberg_needs_gtc(name: str) -> Denial:
    """-1160 for an iceberg leg of a list that does not live until cancelled."""
    stem = name.removesuffix("IcebergQty")
    return Denial(-1160, f"Parameter '{name}' is not supported if `{stem}TimeInForce` is not GTC.")


def both_needed(first: str, second: str) -> Denial:
    """-1128 for one of two parameters that only go together."""
    recommendation = f"Recommendation: '{first}' and '{second}' must both be sent."
    return Denial(-1128, f"Combination of optional fields invalid. {recommendation}")
