"""Breaks the embedded exchange, and heals it: over its admin endpoint, as any program may."""

import asyncio
import urllib.request
from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.errors import CannotConnect

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this machine
_PATIENCE_S = 5.0


class Admin:
    """The faults of the exchange at `rest_url`."""

    def __init__(self, rest_url: str) -> None:
        self._faults = f"{rest_url}/admin/faults"

    async def add(self, rule: Mapping[str, Any]) -> None:
        """Put a rule of `surefoot.exchange.faults` in force."""
        await asyncio.to_thread(self._ask, "POST", msgspec.json.encode(rule))

    async def clear(self) -> None:
        """Take all rules back."""
        await asyncio.to_thread(self._ask, "DELETE", None)

    def _ask(self, method: str, body: bytes | None) -> None:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._faults, body, headers, method=method)  # noqa: S310
        try:
            with _DIRECT.open(request, timeout=_PATIENCE_S):
                return
        except OSError as error:
            raise CannotConnect(f"the exchange cannot be told to fail: {error}") from error
