"""The dice under the libraries, seeded for the length of a run.

The product's own dice come from its `World`. Libraries below it throw others: a WebSocket handshake key
from ``os.urandom``, frame masks from C's ``rand()``. Their bytes cross the network, so they have to fall the
same way each time.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from surefoot.world import SeededEntropy


@contextmanager
def seeded_dice(seed: int) -> Iterator[None]:
    """Seed ``os.urandom`` and C's ``rand`` while the block runs. Never for code that makes real keys."""
    real = os.urandom  # noqa: TID251
    dice = SeededEntropy(f"{seed}/libraries")
    os.urandom = lambda size: dice.token(size).encode()  # noqa: TID251
    ctypes.CDLL(None).srand(int.from_bytes(sha256(str(seed).encode()).digest()[:4], "little"))
    try:
        yield
    finally:
        os.urandom = real  # noqa: TID251
