"""What whoever runs an exchange can do to its limits while it runs, and see of them."""

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.limits.limiter import Limiter
from surefoot.exchange.limits.profile import Given, LimitProfile, profile
from surefoot.serve.answers import Used


class BanRecord(msgspec.Struct, frozen=True, rename="camel"):
    """An address that was refused something: how often it was banned, until when (milliseconds since 1970; 0
    when it is not banned now), and how many requests came during its bans.
    """

    address: str
    bans: int
    banned_until: int
    requests_during_bans: int


class LimitOperations:
    """`settle` has everybody told what follows: connections of a banned address are ended."""

    def __init__(self, limiter: Limiter, now_us: Callable[[], int], settle: Callable[[], None]) -> None:
        self._limiter = limiter
        self._now_us = now_us
        self._settle = settle

    @property
    def profile(self) -> LimitProfile:
        """The limits that hold now."""
        return self._limiter.profile

    def change(self, limits: Given) -> LimitProfile:
        """Raise or cut limits from now on: a profile by name (then all limits), or what differs. What was
        counted stays counted. Raises `Misuse` for what is no limit.
        """
        self._limiter.change(profile(limits, self._limiter.profile))
        return self._limiter.profile

    def addresses(self) -> Mapping[str, Sequence[Used]]:
        """What each address used of weight, raw requests and connection attempts, in the windows of now."""
        return self._limiter.by_address(self._now_us())

    def accounts(self) -> Mapping[str, Sequence[Used]]:
        """The unfilled order counts of each account, in the windows of now."""
        return self._limiter.orders.by_account(self._now_us())

    def bans(self) -> Sequence[BanRecord]:
        """Every address that was ever refused something for its limits."""
        now_us = self._now_us()
        return [
            BanRecord(
                address,
                record.bans,
                record.banned_until_us // 1000 if now_us < record.banned_until_us else 0,
                record.requests_during_bans,
            )
            for address, record in self._limiter.bans.records.items()
        ]

    def ban(self, address: str, seconds: float | None = None) -> int:
        """Ban an address, and end its connections; by default for as long as its history asks for. Returns
        until when, in milliseconds since 1970. Raises `Misuse` for what is no IP address or no duration.
        """
        if seconds is not None and not 0 < seconds <= _MOST_S:
            raise Misuse(f"{seconds} seconds is no length of a ban; give more than 0, {_MOST_S} at most")
        length_us = None if seconds is None else int(seconds * 1_000_000)
        until_us = self._limiter.bans.ban(_address(address), self._now_us(), length_us)
        self._settle()
        return until_us // 1000

    def lift(self, address: str) -> None:
        """End the ban of an address now. Raises `Misuse` for what is no IP address."""
        self._limiter.bans.lift(_address(address))


_MOST_S = 365 * 86_400


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise Misuse(f"{text!r} is no IP address; name one such as 127.0.0.1") from None
