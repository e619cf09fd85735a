"""The words of an explanation, and what an explanation is."""

from enum import StrEnum

import msgspec

from surefoot.errors import Happened


class Retry(StrEnum):
    """Whether the same intention may be sent again.

    ========================  ================================================================
    `never`                   it cannot work, or it is done already
    `after_fix`               change the request, the key or the network first
    `after_wait`              nothing is wrong with it; not before the time has passed
    `after_resync`            clock, signature, balances, book or orders are stale: renew, build it anew
    `resolve_first`           it may have happened: look it up before anything else is sent
    `safe`                    at once
    ========================  ================================================================
    """

    NEVER = "never"
    AFTER_FIX = "after_fix"
    AFTER_WAIT = "after_wait"
    AFTER_RESYNC = "after_resync"
    RESOLVE_FIRST = "resolve_first"
    SAFE = "safe"


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What an error means.

    `happened` speaks of the request that failed; of a read it is irrelevant. `text` says all of it in a few
    sentences. `ambiguous`: the error alone does not tell which of `candidates` it was, and the advice is
    right for the worst of them. `wait_ms` is how long, `retry_at_ms` until when (exchange's clock) it must
    wait. `others` are the other errors found in the same text.
    """

    cause: str
    happened: Happened
    retry: Retry
    text: str
    next_step: str
    evidence: tuple[str, ...] = ()
    code: int | None = None
    status: int | None = None
    ambiguous: bool = False
    candidates: tuple[str, ...] = ()
    wait_ms: int | None = None
    retry_at_ms: int | None = None
    others: tuple["Explanation", ...] = ()

    def __str__(self) -> str:
        return f"{self.cause}: {self.text}"
