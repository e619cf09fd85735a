"""Errors that are not of the exchange at all: a database, a messenger, a host of somebody else.

What such an error says (refused, banned, not found) would be wrong of the request to the exchange.
"""

import re

_SERVICES = re.compile(
    r"\b(redis|psycopg\w*|postgres\w*|mysql\w*|pymongo|mongodb|sqlalchemy|sqlite3|kafka|amqp|rabbitmq|influxdb|telegram|discord"
    r"|slack|smtplib|smtp)\b|:(?:6379|5432|3306|27017|9092|5672|25|587)\b",
    re.IGNORECASE,
)
_HOSTS = re.compile(
    r"(?:https?://|wss?://|connect to host |host='|resolve host:? |ENOTFOUND |UnknownHostException: "
    r"|lookup |resolve ')"
    r"((?:[\w-]+\.)+[A-Za-z]{2,})"
)
_API = re.compile(r"/(?:s?api|fapi|dapi|eapi|papi|ws-api)/v\d")
_READING = re.compile(
    r"(?:^|\.)(?:github\.com|pydantic\.dev|readthedocs\.io|python\.org|mozilla\.org|stackoverflow\.com)$"
)


def elsewhere(text: str, host: str | None) -> str | None:
    """The other service that an error names, when nothing in it points to the exchange; `host` is ours."""
    lower = text.lower()
    if "binance" in lower or "ccxt" in lower or "<html" in lower or "<!doctype" in lower or _API.search(text):
        return None
    service = _SERVICES.search(text)
    if service is not None:
        return service[0]
    named = [name for name in _HOSTS.findall(text) if not _READING.search(name) and name != host]
    return named[0] if named else None
