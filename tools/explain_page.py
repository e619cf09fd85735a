"""The text of docs/reference/explain.md: the words of an explanation, and every cause there is."""

import inspect

from surefoot.rules.explain import causes_of_codes, causes_of_orders, causes_of_wire
from surefoot.rules.explain.cause import Cause
from surefoot.rules.explain.causes import CAUSES, REFINED
from surefoot.rules.explain.context import Context
from surefoot.rules.explain.telling import HAPPENED, RETRY
from tools.pages import head, table

_INTRODUCTION = """\
`surefoot.explain(error)` and `surefoot explain` name an error's cause, say whether it happened, whether a
retry is safe, and what to do next. They take surefoot's errors, exceptions of other clients, codes, and
texts in whatever shape: JSON, log lines, tracebacks, pages. How to use them is told in [read an
error](../howto/read-an-error.md).

Two rules stand above all others:

- **No advice may double an order.** What may be a write is taken for one, and what may have happened is
  looked up before anything is sent again.
- **What a text does not tell is said.** `ambiguous` is true then, `candidates` name what it may have
  been, and the advice is right for the worst of them.
"""

_JSON = """\
## JSON in and out

`surefoot explain --json` reads a text (standard input, a file or words) and answers one object. It ends
with 0 whenever it answers, and with 2 for a context it does not understand. Without `--json` a text in
which no error is recognised ends with 1.

```console
$ .venv/bin/surefoot explain --json --context '{"method": "POST", "path": "/api/v3/order"}' error.txt
```

The answer has these fields, always all of them:

| field | meaning |
|---|---|
| `cause` | one of the words below |
| `happened` | `yes`, `no`, `unknown`, `half`, `irrelevant` |
| `retry` | `never`, `after_fix`, `after_wait`, `after_resync`, `resolve_first`, `safe` |
| `text` | cause, evidence, did it happen, is a retry safe, next step, in a few sentences |
| `next_step` | the last of these alone |
| `evidence` | what in the text or the context showed it; secrets are never in it |
| `code`, `status` | Binance's code and the HTTP status, where there were any |
| `ambiguous`, `candidates` | whether the text leaves it open, and what it may have been |
| `wait_ms`, `retry_at_ms` | how long to wait (`Retry-After`), or until when (exchange's clock) |
| `others` | the other errors of the same text, each once |

`--context` (in Python the second argument) is an object of what is known besides. All keys may be
missing; a key of another name is an error.
"""

_KEYS = {
    "method": "HTTP verb, or the WebSocket API's method",
    "path": "path or URL; a WebSocket API method is understood too",
    "status": "HTTP status",
    "environment": "where it was meant to go: production, testnet, demo, binance-us, local",
    "host": "where it went",
    "client": "the library that printed it",
    "key_type": "HMAC, RSA or Ed25519",
    "params": "what was sent, as an object or a query string",
    "stream": "the stream, when it is not about a request",
    "after": "what came before: a time-out, a reconnect, a cancel, placing",
    "signed_age_ms": "how old the signature was when the answer came",
    "round_trip_ms": "how long question and answer took",
}

_READS = """\
## Reads and writes

A read, a test order, a stream or a session call changes nothing: `happened` is `irrelevant`, whatever
went wrong. What was asked is told by the context, by method and path in the text, or by the names of
functions and the words of logs. Where none tells, an order is assumed.

A refused order of which an earlier attempt is still open (`after`, or a time-out in the same text) is not
`no`: the question is whether the order exists, and nobody knows. Only *Duplicate order sent* and *Unknown
order sent* speak for themselves. *Order does not exist* right after placing proves nothing.
"""


def explain_page() -> str:
    """The words, JSON in and out, and every cause."""
    assert set(_KEYS) == set(Context.__struct_fields__)
    happened = [[f"`{word}`", meaning] for word, meaning in HAPPENED.items()]
    retry = [[f"`{word}`", meaning] for word, meaning in RETRY.items()]
    keys = [[f"`{name}`", meaning] for name, meaning in _KEYS.items()]
    return "\n".join(
        [
            head("Explanations", "`surefoot/rules/explain`"),
            _INTRODUCTION,
            "## The words\n",
            table(["happened", "meaning"], happened),
            "",
            table(["retry", "meaning"], retry),
            "",
            _READS,
            _JSON,
            table(["key", "meaning"], keys),
            "\n## Every cause\n",
            "*Happened* and *retry* are those of a write that nothing else is known of.\n",
            *_chapters(),
        ]
    )


def _chapters() -> list[str]:
    chapters: dict[str, tuple[Cause, ...]] = {
        "Codes": tuple(causes_of_codes.BY_CODE.values()),
        "Filters": tuple(causes_of_orders.FILTERS.values()),
        "What the matching engine says": tuple(causes_of_orders.MESSAGES.values()),
        "Told apart by the context": REFINED,
        "Silence": causes_of_wire.SILENCE,
        "Nothing was sent": causes_of_wire.UNSENT + causes_of_wire.LOCAL,
        "HTTP": causes_of_wire.HTTP,
        "WebSockets": causes_of_wire.SOCKETS,
        "Done already": causes_of_wire.EXECUTED,
    }
    listed: set[str] = set()
    parts: list[str] = []
    for title, causes in chapters.items():
        fresh = {cause.word: cause for cause in causes if cause.word not in listed}
        listed |= set(fresh)
        parts += [
            f"### {title}\n",
            table(["cause", "happened", "retry", "meaning"], [_row(each) for each in fresh.values()]),
            "",
        ]
    assert listed == set(CAUSES), inspect.getdoc(explain_page)
    others = (
        "`undocumented_code` is a code that is not of Spot's pages, and `filter_` with the name of a filter "
        "one that is not listed here.\n"
    )
    return [*parts, others]


def _row(cause: Cause) -> list[str]:
    happened = "irrelevant" if cause.of_reads else cause.happened.value
    retry = cause.retry_of_read if cause.of_reads else cause.retry
    return [f"`{cause.word}`", happened, f"`{retry}`", f"{cause.says} {cause.step}"]
