"""A cause: what one kind of error is, and what it asks for. The tables of causes are made of these."""

import msgspec

from surefoot.errors import Happened
from surefoot.rules.explain.answer import Retry


class Cause(msgspec.Struct, frozen=True):
    """One kind of error: `says` is what it means, `step` what to do next.

    `happened` and `retry` hold for a write. A read is sent again by `read_retry`; `of_reads` are causes that
    only queries, sessions and streams know.
    """

    word: str
    retry: Retry
    says: str
    step: str
    happened: Happened = Happened.NO
    read_retry: Retry | None = None
    of_reads: bool = False

    @property
    def retry_of_read(self) -> Retry:
        """How a read may be sent again."""
        if self.read_retry is not None:
            return self.read_retry
        return self.retry if self.happened is Happened.NO else Retry.SAFE


def open_ended(word: str, says: str, step: str, read_retry: Retry | None = None) -> Cause:
    """A cause after which nobody knows whether a write happened."""
    return Cause(word, Retry.RESOLVE_FIRST, says, step, Happened.UNKNOWN, read_retry)
