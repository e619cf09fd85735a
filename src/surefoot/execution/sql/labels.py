"""A journal has one account for life."""

from surefoot.errors import JournalError
from surefoot.execution.journal import Label


def must_agree(known: Label | None, given: Label) -> None:
    """Raises `JournalError` where a journal that is `known` would become another's."""
    if known is None:
        return
    same = (known.environment, known.account) == (given.environment, given.account)
    if not same or (known.uid is not None and known.uid != given.uid):
        raise JournalError(
            f"this journal is that of {_named(known)}, and not of {_named(given)}: name another"
        )


def _named(label: Label) -> str:
    number = "" if label.uid is None else f" (number {label.uid})"
    return f"the account {label.account}{number} at {label.environment}"
