"""The exchange's texts where a client has dropped the code, class names where it has dropped the text.

Source of the texts: errors page. The class names are those of surefoot, ccxt, python-binance, the official
SDKs and freqtrade.
"""

import re
from types import MappingProxyType

PHRASES = MappingProxyType(
    {
        "order cancel-replace partially failed": -2021,
        "timeout waiting for response from backend": -1007,
        "unexpected response was received from the message bus": -1006,
        "an unknown error occurred while processing": -1000,
        "an unknown error occured while processing": -1000,
        "unknown error, please check your request or try again later": -1000,
        "internal error; unable to process your request": -1001,
        "server is currently overloaded": -1008,
        "order cancel-replace failed": -2022,
        "too many new orders": -1015,
        "timestamp for this request": -1021,
        "signature for this request is not valid": -1022,
        "invalid api-key, ip, or permissions": -2015,
        "invalid api-key id": -2008,
        "api key does not exist": -2008,
        "api-key format invalid": -2014,
        "hmac_sha256 api key is not supported": -4056,
        "not authorized to execute this request": -1002,
        "not found, authenticated, or authorized": -1099,
        "invalid symbol.": -1121,
        "order does not exist": -2013,
        "illegal characters found": -1100,
        "has too much precision": -1111,
        "precision is over the maximum": -1111,
        "mandatory parameter": -1102,
        "must be sent, but both were empty": -1102,
        "not all sent parameters were read": -1104,
        "too many parameters": -1101,
        "duplicate values for a parameter": -1101,
        "sent when not required": -1106,
        "recvwindow must be less than": -1131,
        "recvwindow' must be less than": -1131,
        "invalid interval": -1120,
        "invalid ordertype": -1116,
        "invalid side.": -1117,
        "invalid timeinforce": -1115,
        "this listenkey does not exist": -1125,
        "this service is no longer available": -1016,
        "this operation is not supported": -1020,
        "client order id is not correct for this order id": -2039,
        "has been archived": -2026,
        "subscription already active": -2035,
        "subscription not active": -2036,
        "maximum subscription id reached": -2042,
        "no trading window could be found": -2016,
        "doesn't have a reference price": -2043,
        "no orders on book for symbol": -1112,
    }
)
"""Part of a text in lower case, and the code it comes with."""

WAITS = MappingProxyType(
    {
        "banned until": "banned",
        "way too much request weight": "banned",
        "auto-banned": "banned",
        "too many requests queued": "rate_limited",
        "too much request weight": "rate_limited",
        "too many requests": "rate_limited",
        "restricted location": "restricted_location",
        "block access from your country": "restricted_location",
        "auto banned": "banned",
        "ip banned": "banned",
        "are banned": "banned",
        "been banned": "banned",
        "insufficient funds": "insufficient_balance",
        "insufficient balance": "insufficient_balance",
        "not enough balance": "insufficient_balance",
        "market closed": "market_closed",
        "system is under maintenance": "maintenance",
        "system is under maintainance": "maintenance",
        "service unavailable from a restricted": "restricted_location",
        "current limit of ip": "rate_limited",
        "request weight per": "rate_limited",
    }
)

_CLASSES = MappingProxyType(
    {
        "FilterViolation": "rejected_before_engine",
        "PolicyRefusal": "policy_refused",
        "TooLateToSign": "too_late_to_sign",
        "HeldBack": "held_back",
        "CannotConnect": "cannot_connect",
        "NotDelivered": "not_sent",
        "OutcomeUnknown": "network_error",
        "PartlyDone": "cancel_replace_half_done",
        "ProtocolViolation": "unreadable_answer",
        "Misuse": "misuse",
        "InsufficientFunds": "insufficient_balance",
        "InsufficientFundsError": "insufficient_balance",
        "DuplicateOrderId": "duplicate_order",
        "OrderNotFound": "unknown_order",
        "OrderNotCached": "unknown_order",
        "RetryableOrderError": "order_not_found",
        "OrderImmediatelyFillable": "would_match_immediately",
        "RestrictedLocation": "restricted_location",
        "MarketClosed": "market_closed",
        "OnMaintenance": "maintenance",
        "RateLimitBanError": "banned",
        "DDoSProtection": "rate_limited_or_banned",
        "DDosProtection": "rate_limited_or_banned",
        "RateLimitExceeded": "rate_limited",
        "TooManyRequestsError": "rate_limited",
        "InvalidNonce": "invalid_timestamp",
        "AccountSuspended": "account_restricted",
        "PermissionDenied": "not_authorized",
        "AuthenticationError": "not_authorized",
        "UnauthorizedError": "not_authorized",
        "ForbiddenError": "waf_blocked",
        "NotFoundError": "not_found",
        "BadSymbol": "bad_symbol",
        "BinanceOrderUnknownSymbolException": "bad_symbol",
        "BinanceOrderInactiveSymbolException": "market_closed",
        "BinanceOrderMinTotalException": "filter_min_notional",
        "BinanceOrderMinAmountException": "filter_lot_size",
        "BinanceOrderMinPriceException": "filter_price_filter",
        "UnknownDateFormat": "misuse",
        "BinanceRegionException": "unsupported_operation",
        "BinanceOrderException": "rejected_before_engine",
        "ArgumentsRequired": "missing_or_malformed_parameter",
        "RequiredError": "missing_or_malformed_parameter",
        "NotSupported": "unsupported_operation",
        "InvalidOrder": "order_rejected",
        "InvalidOrderException": "order_rejected",
        "OrderNotFillable": "order_rejected",
        "OperationRejected": "bad_request",
        "BadRequestError": "bad_request",
        "BadRequest": "bad_request",
        "InvalidProxySettings": "proxy_failure",
        "BinanceWebsocketQueueOverflow": "queue_overflow",
        "BinanceRequestException": "unreadable_answer",
        "BadResponse": "unreadable_answer",
        "NullResponse": "unreadable_answer",
        "ServerError": "server_error",
        "RequestTimeout": "timeout",
        "ExchangeNotAvailable": "exchange_error",
        "ClientError": "refused_or_half_done",
        "BinanceWebsocketUnableToConnect": "network_error",
        "BinanceWebsocketClosed": "websocket_closed",
        "ReadLoopClosed": "websocket_closed",
        "NetworkError": "network_error",
        "TemporaryError": "exchange_error",
        "OperationFailed": "exchange_error",
        "OperationalException": "exchange_error",
        "ExchangeError": "exchange_error",
        "BinanceAPIException": "exchange_error",
        "ApiError": "exchange_error",
        "SurefootError": "exchange_error",
    }
)
_NAMED = re.compile(r"(?<!\w)(" + "|".join(sorted(_CLASSES, key=len, reverse=True)) + r")(?!\w)")


def phrase(lower: str) -> int | None:
    """The code whose text this is."""
    return next((code for text, code in PHRASES.items() if text in lower), None)


def waiting(lower: str) -> str | None:
    """The cause of a text about limits, places or maintenance."""
    return next((cause for text, cause in WAITS.items() if text in lower), None)


def class_cause(text: str) -> tuple[str, str] | None:
    """The cause of an exception's class, the most telling of those named, and its name."""
    named = set(_NAMED.findall(text))
    return next(((cause, name) for name, cause in _CLASSES.items() if name in named), None)
