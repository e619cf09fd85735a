"""How time-outs, cut wires and failed connections look in many clients: Python, node, Java, Go, curl.

The order is the order of asking. What may have left is asked first: a text that shows both a cut and a
refused connection tells of two attempts, and the first may have arrived.
"""

import re
from typing import NamedTuple


class Sign(NamedTuple):
    """Texts that show one cause."""

    cause: str
    pattern: re.Pattern[str]


def _sign(cause: str, *texts: str) -> Sign:
    return Sign(cause, re.compile("|".join(texts), re.IGNORECASE))


SENT = (
    _sign(
        "server_error",
        r"upstream connect error|upstream request timeout|connecting to upstream|upstream prematurely closed",
    ),
    _sign(
        "lost_websocket_answer",
        r"""["']error["']\s*:\s*["']timeout["']""",
        r"UnableToConnect[:(]\s*['\"]?Request timed out",
        r"\bWebSocket closing\b",
        r"no response to \w+\.[a-z]|Ignoring a late response for request",
    ),
    _sign("websocket_ping_timeout", r"ping-pong keepalive missing|timed out waiting for pong"),
    _sign(
        "read_timeout",
        r"\bread ?timed? ?out",
        r"\bRead operation timed out",
        r"\bReadTimeout",
        r"\bWriteTimeout",
        r"write timed out|write operation timed out",
        r"Timeout on reading data",
        r"\bSocketTimeoutError\b",
        r"awaiting headers|reading body|while reading",
        r"UND_ERR_(?:HEADERS|BODY)_TIMEOUT|HeadersTimeoutError|BodyTimeoutError",
        r"ESOCKETTIMEDOUT|read ETIMEDOUT",
        r"timed out after \d+ milliseconds with \d+ bytes received",
        r"no answer within [\d.]+ ms",
    ),
    _sign(
        "connection_lost",
        r"RemoteDisconnected|Remote end closed connection",
        r"Connection aborted|ConnectionAborted|Software caused connection abort",
        r"ECONNRESET|Connection ?reset|reset by peer|\[Errno 104\]|WinError 1005[34]",
        r"forcibly closed",
        r"ServerDisconnected|Server disconnected|peer closed connection",
        r"RemoteProtocolError|LocalProtocolError|\bProtocolError\b",
        r"socket hang up",
        r"Broken ?pipe|EPIPE|\[Errno 32\]",
        r"IncompleteRead|ChunkedEncodingError|ClientPayloadError|TransferEncodingError"
        r"|payload is not completed",
        r"\b(?:httpx?|httpcore)\.(?:Read|Write)Error|\bReadError\b|\bWriteError\b",
        r"Empty reply from server|Recv failure|Send failure|curl: \((?:52|55|56)\)",
        r"unexpected end of (?:stream|file)|unexpected EOF|Post \"?https?://[^\s\"]+\"?: EOF",
        r"ClientOSError|BadStatusLine|UND_ERR_SOCKET|other side closed|ClientConnectionResetError"
        r"|closing transport|\bGOAWAY\b|\bIncompleteMessage\b",
        r"the wire was cut|connection was (?:lost|reset|cut)|lost connection"
        r"|connection (?:was )?closed (?:by(?! remote server, closing code)|while"
        r"|before (?:a|the|full|message|response))",
    ),
)
"""After these the request may have left."""

UNSENT = (
    _sign(
        "proxy_failure",
        r"(?:Cannot|Unable to|Couldn't|Could not) connect to proxy|Tunnel connection failed"
        r"|tunneling socket could not|ProxyError|ProxyConnectionError|ClientHttpProxyError|407 Proxy"
        r"|ERR_PROXY",
    ),
    _sign(
        "not_sent",
        r"before anything was sent|no time was left to send",
        r"\bPoolTimeout\b|ConnectionPoolTimeout|EmptyPoolError",
        r"No WebSocket connections available",
        r"request while WebSocket is not connected",
        r"WebSocket is not open: readyState 0",
        r"Cannot Send Message: Connection closed before send",
        r"the WebSocket is closed$",
    ),
    _sign(
        "dns_failure",
        r"getaddrinfo|gaierror|EAI_AGAIN|\bENOTFOUND\b|ClientConnectorDNSError|NameResolutionError",
        r"Name or service not known|nodename nor servname|name resolution|No address associated"
        r"|Failed to resolve",
        r"UnknownHost|no such host|Could not resolve|could not contact DNS|server misbehaving"
        r"|WinError 11001|dns error",
    ),
    _sign(
        "tls_failure",
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|CertVerificationError"
        r"|ClientConnectorCertificateError|ClientConnectorSSLError",
        r"WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|handshake failure|NO_SHARED_CIPHER"
        r"|ALERT_PROTOCOL_VERSION|UNRECOGNIZED_NAME",
        r"SSLHandshakeException|TLS handshake (?:timeout|error)|CERT_HAS_EXPIRED|UNABLE_TO_(?:VERIFY"
        r"|GET)|DEPTH_ZERO_SELF|SELF_SIGNED",
        r"self[- ]signed certificate|ALTNAME_INVALID|SSL certificate problem|x509: |local issuer"
        r"|doesn't match either of",
    ),
    _sign(
        "connection_refused",
        r"Connection ?refused|ECONNREFUSED|\[Errno (?:111|61)\]|WinError 10061|actively refused",
    ),
    _sign(
        "network_unreachable",
        r"(?:\bconnect\b|\bConnectException\b|dial tcp|establish a new)[^\n]{0,300}"
        r"(?:unreachable|No route to host|Errno 101|Errno 113)",
        r"connect E(?:NET|HOST)UNREACH|WinError 100(?:51|65)[^\n]{0,200}connect",
    ),
    _sign(
        "connect_timeout",
        r"ConnectTimeout(?:Error|Exception)?\b(?![\"']?\s*[=:]\s*\d)|connect timeout=|connect timed out"
        r"|connect ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT",
        r"Connection timeout to host|failed due to a connection timeout|ConnectionTimeoutError"
        r"|Connection timed out after",
        r"dial tcp\b[^\n]{0,200}i/o timeout|timed out during (?:opening )?handshake"
        r"|(?:establish a new connection|Cannot connect)[^\n]{0,200}timed out",
        r"Failed to connect to \S+ port \d+ after \d+ ms: (?:Timeout|Connection timed out)",
    ),
    _sign(
        "cannot_connect",
        r"NewConnectionError|Failed to establish a new connection|Cannot connect to host"
        r"|Connect call failed|All connection attempts failed",
        r"\bConnectError\b|ClientConnectorError|curl: \(7\)|Failed to connect to|error trying to connect"
        r"|Failed to establish connection after",
        r"UnableToConnect[:(]\s*['\"]?Connection failed",
        r"nothing was sent",
        r"before secure TLS connection was established",
    ),
)
"""After these it is certain that nothing left."""

LOCAL = (
    _sign(
        "misuse",
        r"requires \"\w+\" credential|requires an? \w+ (?:argument|extra param)|amount should be above 0",
        r"has stricter rate limits|Not implemented: HistoricalKlinesType",
    ),
    _sign("queue_overflow", r"Queue overflow|Message queue size \d|Subscription queue full"),
)
"""What a client found out by itself."""

VAGUE = (
    _sign(
        "tls_broken",
        r"SSLError|remote error: tls: |SSLEOF|ssl\.SSL|EOF occurred in violation of protocol|BAD_RECORD_MAC"
        r"|DECRYPTION_FAILED|\bSSL_",
    ),
    _sign(
        "timeout",
        r"TimeoutError|Timeout(?:Exception)?\b(?![\"']\s*:\s*\d|: \d+,\s*\n)|time-?out of \d+ ?ms exceeded"
        r"|timed[- ]?out|ETIMEDOUT"
        r"|deadline exceeded|WinError 10060|ECONNABORTED",
        r"RequestTimeout|\b408 Request",
    ),
    _sign(
        "network_error",
        r"Network is unreachable|No route to host|ENETUNREACH|EHOSTUNREACH|fetch failed"
        r"|error sending request|Network Error|An error occurred while sending the request",
    ),
    _sign(
        "network_error",
        r"Max retries exceeded|sent, and then silence|no answer:|\bConnectionError\b"
        r"|ClientConnectionError|RequestException\b"
        r"|\bTransportError\b",
    ),
    _sign(
        "unreadable_answer",
        r"JSONDecodeError|Expecting value: line|Unexpected token|Unexpected end of JSON|not valid JSON"
        r"|invalid character .{1,6} looking",
        r"Invalid JSON error message|Invalid Response:|ContentTypeError|unexpected mimetype|<!doctype"
        r"|<html|JsonParseException|is not valid json",
    ),
)
"""After these nobody knows."""


def found(signs: tuple[Sign, ...], text: str) -> tuple[str, str] | None:
    """The first cause whose sign is in the text, and the words that show it."""
    for sign in signs:
        match = sign.pattern.search(text)
        if match is not None:
            return sign.cause, match[0][:120]
    return None
