"""Listen keys: a name for an account's events, good for an hour after it was last asked for (Binance.US)."""

import msgspec

from surefoot.exchange.keys import Key
from surefoot.serve.denial import Denial
from surefoot.world import Entropy

LIFE_US = 3_600_000_000
_LENGTH = 60


class ListenKey(msgspec.Struct):
    """A listen key of `account`, made with the key `api_key`; good until `until_us`."""

    text: str
    account: str
    api_key: str
    until_us: int


class Ended(msgspec.Struct, frozen=True):
    """A listen key that is no longer good: closed by its owner, or `expired`."""

    text: str
    expired: bool


class ListenKeys:
    """At most one for each account. Times are microseconds since 1970."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._keys: dict[str, ListenKey] = {}
        self._ended: list[Ended] = []

    def start(self, key: Key, now_us: int) -> str:
        """The account's listen key; the one there is goes on for another hour."""
        self.expire(now_us)
        found = next((one for one in self._keys.values() if one.account == key.account.name), None)
        if found is None:
            text = self._entropy.token(_LENGTH)
            found = self._keys[text] = ListenKey(text, key.account.name, key.api_key, 0)
        found.until_us = now_us + LIFE_US
        return found.text

    def ping(self, key: Key, text: str, now_us: int) -> None:
        """Good for another hour; raises `Denial` -1125 when the account has no such listen key."""
        self._of(key, text, now_us).until_us = now_us + LIFE_US

    def stop(self, key: Key, text: str, now_us: int) -> None:
        """Good no longer; raises `Denial` -1125 when the account has no such listen key."""
        self._of(key, text, now_us)
        del self._keys[text]
        self._ended.append(Ended(text, expired=False))

    def account_of(self, text: str, now_us: int) -> str | None:
        """Whose events the listen key is good for, if there is such a key."""
        self.expire(now_us)
        found = self._keys.get(text)
        return None if found is None else found.account

    def expire(self, now_us: int) -> None:
        """End those that nobody asked for in an hour."""
        for one in [one for one in self._keys.values() if now_us >= one.until_us]:
            del self._keys[one.text]
            self._ended.append(Ended(one.text, expired=True))

    def revoke(self, api_key: str) -> None:
        """The API key that made it is no longer good."""
        for one in [one for one in self._keys.values() if one.api_key == api_key]:
            del self._keys[one.text]
            self._ended.append(Ended(one.text, expired=True))

    def take_ended(self) -> list[Ended]:
        """Those that ended since the last time this was asked."""
        ended, self._ended = self._ended, []
        return ended

    def _of(self, key: Key, text: str, now_us: int) -> ListenKey:
        if self.account_of(text, now_us) != key.account.name:
            raise Denial(-1125, "This listenKey does not exist.")
        return self._keys[text]
