"""Every cause by its word, with the finer ones that only the context tells apart."""

from types import MappingProxyType

from surefoot.rules.explain import causes_of_codes, causes_of_wire
from surefoot.rules.explain.answer import Retry
from surefoot.rules.explain.cause import Cause
from surefoot.rules.explain.causes_of_orders import FILTERS, MESSAGES

REFINED = (
    Cause(
        "clock_ahead",
        Retry.AFTER_RESYNC,
        "The timestamp lies more than a second ahead of the exchange's clock.",
        "This machine's clock is fast: measure the offset against GET /api/v3/time, apply it, sign "
        "anew; keep the clock synchronised.",
    ),
    Cause(
        "clock_behind_or_slow",
        Retry.AFTER_RESYNC,
        "The request was older than recvWindow when it was judged: this machine's clock is slow, it "
        "waited after it was signed, or the way was slow.",
        "Measure the offset against GET /api/v3/time, stamp and sign it anew just before sending; raise "
        "recvWindow only if the way is slow.",
    ),
    Cause(
        "signed_too_long_ago",
        Retry.AFTER_RESYNC,
        "The request waited after it was signed, longer than recvWindow; the clock may be fine.",
        "Stamp and sign after every wait (queue, limiter, retry), just before sending.",
    ),
    Cause(
        "network_too_slow",
        Retry.AFTER_RESYNC,
        "The way to the exchange took longer than recvWindow; the clock may be fine.",
        "Keep the connection open and warm, shorten the way, or raise recvWindow (60000 at most); sign anew.",
    ),
    Cause(
        "timestamp_unit_wrong",
        Retry.AFTER_FIX,
        "The timestamp is not in milliseconds (or microseconds).",
        "Send milliseconds since 1970: 13 digits, an integer.",
    ),
    Cause(
        "scientific_notation",
        Retry.AFTER_FIX,
        "A number was written with an exponent, such as 1e-05: a float was turned into text.",
        "Use Decimal and write it out: 0.00001.",
    ),
    Cause(
        "bad_client_order_id",
        Retry.AFTER_FIX,
        "The client order id is too long or holds characters that are not allowed.",
        "Use 1 to 36 letters, digits, - and _.",
    ),
    Cause(
        "wrong_environment",
        Retry.AFTER_FIX,
        "The request went to a host of another environment than the key is for.",
        "Use key and host of one environment: production, testnet, demo and Binance.US have keys of "
        "their own.",
    ),
    Cause(
        "permission_missing",
        Retry.AFTER_FIX,
        "The key is known and may not do this.",
        "Give the key the permission (spot trading is off on a new key), or use another one.",
    ),
    Cause(
        "session_key_revoked",
        Retry.AFTER_FIX,
        "The key of this WebSocket session is no longer accepted (401).",
        "Check the key at the exchange, then log on with one that is valid.",
    ),
    Cause(
        "wrong_key_type",
        Retry.AFTER_FIX,
        "This kind of key cannot do that: session.logon takes Ed25519 keys only.",
        "Use an Ed25519 key, or sign each request; userDataStream.subscribe.signature takes any key.",
    ),
    Cause(
        "signed_before_encoding",
        Retry.AFTER_FIX,
        "The signature does not fit: what was signed was not what was sent, since it holds characters "
        "that are percent-encoded.",
        "Percent-encode first (UTF-8), sign the encoded text, and send those same bytes; on the "
        "WebSocket API sign raw UTF-8.",
    ),
    Cause(
        "not_on_this_host",
        Retry.AFTER_FIX,
        "This host does not serve that path: market data hosts have no account and no orders, testnet "
        "and demo no /sapi.",
        "Use the host that serves it.",
    ),
)
"""What only the context, or the words of a code, tell apart."""

CAUSES = MappingProxyType(
    {
        cause.word: cause
        for cause in (
            *REFINED,
            *MESSAGES.values(),
            *FILTERS.values(),
            *causes_of_codes.BY_CODE.values(),
            *causes_of_wire.CAUSES,
        )
    }
)
"""Every cause by its word."""
