"""exchangeInfo remembered: in memory, and in a file where one was asked for (RULES-4).

Pure: it is told the time and handed a storage; it never asks the exchange itself (that is `rulebook`).
"""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from surefoot.rules.symbols import Rulebook
from surefoot.spot.environments import Environment
from surefoot.spot.filters import Filter
from surefoot.spot.general import ExchangeInfo, RateLimit, Sor, SymbolInfo
from surefoot.world import Storage

FRESH_MS = 30 * 60_000
"""How long a copy is used without asking again."""

USABLE_MS = 60 * 60_000
"""How long a copy is used when asking again fails."""

DOUBTED_MS = 60_000
"""A copy younger than this is not asked for again, whatever speaks against it."""

_FORMAT = "surefoot exchangeInfo 1"
_KINDS: tuple[Any, ...] = (ExchangeInfo, SymbolInfo, Filter, RateLimit, Sor)
_SHAPE = hashlib.sha256(repr([kind.__struct_fields__ for kind in _KINDS]).encode()).hexdigest()[:16]


class _Label(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of the file: what the rest is, whose, of when, and that it is whole.

    `shape` stands for the fields that this version reads: a file of fewer would lack some.
    """

    format: str
    shape: str
    environment: str
    rest: str
    heard_at_ms: int
    sha256: str


class _Unusable(Exception):
    """Why a file is not read."""


class Catalogue:
    """The exchange's symbols and filters as they were last heard. Times are milliseconds, exchange's clock.

    `tell` hears, in words, why a file was not used (the exchange is asked then) or not written.
    """

    def __init__(
        self, environment: Environment, storage: Storage | None, tell: Callable[[str], None]
    ) -> None:
        self._environment = environment
        self._storage = storage
        self._tell = tell
        self._rulebook: Rulebook | None = None
        self._heard_at_ms = 0
        self._doubted = False
        self._put_off_until_ms = 0
        self._unread = storage is not None

    def fresh(self, now_ms: int) -> Rulebook | None:
        """The rules, where they were heard within 30 minutes and nothing spoke against them since."""
        self._recall(now_ms)
        if now_ms < self._put_off_until_ms:
            return self.usable(now_ms)
        young = now_ms - self._heard_at_ms < FRESH_MS and not self._doubted
        return self._rulebook if young else None

    def usable(self, now_ms: int) -> Rulebook | None:
        """The rules for want of better ones: heard within 60 minutes."""
        return self._rulebook if now_ms - self._heard_at_ms < USABLE_MS else None

    def put_off(self, now_ms: int) -> None:
        """Asking failed: do not ask again within the next minute while a usable copy is there."""
        self._put_off_until_ms = now_ms + DOUBTED_MS

    def learn(self, info: ExchangeInfo, now_ms: int) -> Rulebook:
        """Remember what the exchange has said now."""
        self._rulebook = Rulebook(info)
        self._heard_at_ms, self._doubted, self._unread = now_ms, False, False
        if self._storage is not None:
            try:
                self._storage.write(self._name, self._written(info, now_ms))
            except OSError as error:
                self._tell(f"exchangeInfo could not be written to {self._name}: {error}")
        return self._rulebook

    def doubt(self, now_ms: int) -> bool:
        """Something does not fit what is known (a filter's refusal, an unknown symbol): ask again, soon.

        Whether that is worth it: what was heard within the last minute is not asked for again.
        """
        self._doubted = self._doubted or now_ms - self._heard_at_ms >= DOUBTED_MS
        return self._doubted

    @property
    def _name(self) -> str:
        return f"exchange-info-{self._environment.name}.json"

    def _written(self, info: ExchangeInfo, now_ms: int) -> bytes:
        body = msgspec.json.encode(info)
        label = _Label(
            format=_FORMAT,
            shape=_SHAPE,
            environment=self._environment.name,
            rest=self._environment.rest,
            heard_at_ms=now_ms,
            sha256=hashlib.sha256(body).hexdigest(),
        )
        return msgspec.json.encode(label) + b"\n" + body

    def _recall(self, now_ms: int) -> None:
        """Read the file, once; whatever is wrong with it is told."""
        if not self._unread or self._storage is None:
            return
        self._unread = False
        try:
            content = self._storage.read(self._name)
            if content is not None:
                heard_at_ms, info = self._read(content, now_ms)
                self._rulebook, self._heard_at_ms = Rulebook(info), heard_at_ms
        except (OSError, _Unusable) as error:
            self._tell(f"exchangeInfo in {self._name} is not used, the exchange is asked: {error}")

    def _read(self, content: bytes, now_ms: int) -> tuple[int, ExchangeInfo]:
        head, _, body = content.partition(b"\n")
        try:
            label = msgspec.json.decode(head, type=_Label)
            self._accept(label, body, now_ms)
            return label.heard_at_ms, msgspec.json.decode(body, type=ExchangeInfo)
        except msgspec.MsgspecError as error:
            raise _Unusable(f"it cannot be read: {error}") from None
        except UnicodeDecodeError:
            raise _Unusable("it cannot be read: it is not UTF-8") from None

    def _accept(self, label: _Label, body: bytes, now_ms: int) -> None:
        if (label.format, label.shape) != (_FORMAT, _SHAPE):
            raise _Unusable("another version of surefoot wrote it")
        if (label.environment, label.rest) != (self._environment.name, self._environment.rest):
            raise _Unusable(f"it is of {label.environment} at {label.rest}")
        if label.sha256 != hashlib.sha256(body).hexdigest():
            raise _Unusable("it is damaged")
        if not 0 <= now_ms - label.heard_at_ms < USABLE_MS:
            raise _Unusable("it is not of the last 60 minutes")
