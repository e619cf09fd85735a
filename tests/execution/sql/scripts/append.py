"""Appends to the journal at PLACE of ACCOUNT, a row a commit, until it is killed or cannot.

A third argument limits the size of every file that this process writes: then its disk is full, for it.
"""

import asyncio
import resource
import signal
import sys

from surefoot.errors import JournalError
from surefoot.execution.journal import Row
from surefoot.execution.sql.store import store_of


def limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


async def append(place: str, account: str) -> None:
    store = store_of(place, account)
    await store.open()
    seq = 0
    async for rows in store.rows(0):
        seq = rows[-1].seq
    print("open", flush=True)
    try:
        while True:
            seq += 1
            store.append(Row(seq, seq, "resolved", f"id{seq}", None, b'{"text":"' + b"x" * 2_000 + b'"}'))
            await store.commit()
            print(seq, flush=True)
    except JournalError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        print(f"failure: {store.failure is error}", flush=True)


if len(sys.argv) > 3:
    limit_files(int(sys.argv[3]))
try:
    asyncio.run(append(*sys.argv[1:3]))
except JournalError as error:
    print(f"refused: {error}", flush=True)
