"""The pytest plugin: the fixture ``exchange``, a fresh exchange for each test that asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from surefoot.testing.embedded import EmbeddedExchange


@pytest.fixture
def exchange() -> "Iterator[EmbeddedExchange]":
    """An embedded Binance Spot exchange of this test's own, with empty books and no market of its own.

    For other symbols, a seed or liquidity, define a fixture of that name that yields from
    `surefoot.testing.exchange`.
    """
    from surefoot.testing.embedded import exchange as started  # noqa: PLC0415 - paid by those who use it

    with started() as running:
        yield running
