"""How a trader begins: replay the journal, make sure whose it is, hear the account, read what was missed.

A restart is the same path as a crash: every submission without an end is in doubt.
"""

from surefoot.client.aio import AsyncClient
from surefoot.errors import JournalError
from surefoot.execution.journal import Checkpoint, Label, Store, read
from surefoot.execution.views import Views
from surefoot.spot.account import Account
from surefoot.values import UNSET


async def replay(store: Store, views: Views) -> tuple[int, int]:
    """Open the journal and fold it, from the newest checkpoint on; returns the number of its last entry, and
    of how many since the checkpoint. A checkpoint that this version cannot read is made up for by folding
    everything. Raises `JournalError`; the store is closed then.
    """
    checkpoint = await store.open()
    try:
        return await _folded(store, views, checkpoint)
    except BaseException:
        await store.close()
        raise


async def _folded(store: Store, views: Views, checkpoint: Checkpoint | None) -> tuple[int, int]:
    begun = seq = checkpoint.seq if checkpoint is not None and views.restored(checkpoint.body) else 0
    async for rows in store.rows(seq):
        for row in rows:
            views.apply(read(row))
            seq = row.seq
    return seq, seq - begun


async def belongs(store: Store, client: AsyncClient, account: str, told: Account) -> None:
    """Make sure that the journal is of this account at this venue; raises `JournalError` for another's."""
    uid = None if told.uid is UNSET else told.uid
    label = Label(environment=client.desk.environment.name, account=account, uid=uid)
    known = store.label()
    if known is None:
        await store.christen(label)
        return
    for field in ("environment", "account", "uid"):
        mine, theirs = getattr(label, field), getattr(known, field)
        if mine != theirs and None not in {mine, theirs}:
            raise JournalError(
                f"this journal is of {known.account} ({field} {theirs}), not of {label.account}"
                f" ({field} {mine}): every account has a journal of its own"
            )
