"""Limits, counts and bans over the admin endpoint."""

from collections.abc import Mapping
from typing import Any

import msgspec

from surefoot.exchange.admin.operation import Nothing, Operation
from surefoot.exchange.limits.operations import LimitOperations
from surefoot.exchange.limits.profile import LimitChanges, ProfileName


class ChangeLimits(LimitChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `profile` by name first, then what differs from it; without one, from the limits of now."""

    profile: ProfileName | msgspec.UnsetType = msgspec.UNSET


class Ban(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address, and for how long; by default as long as its history asks for."""

    address: str
    seconds: float | None = None


class Lift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A banned address."""

    address: str


def _of(server: Any) -> LimitOperations:
    limits: LimitOperations = server.operations.limits
    return limits


def _shown(limits: LimitOperations) -> Any:
    told = msgspec.to_builtins(limits.profile)
    return {"rateLimits": told.pop("rows")} | told


def show(server: Any, _: Nothing) -> Any:
    """The limits that hold now."""
    return _shown(_of(server))


def change(server: Any, body: ChangeLimits) -> Any:
    """Raise or cut limits; answers those that hold then."""
    limits = _of(server)
    if body.profile is not msgspec.UNSET:
        limits.change(body.profile)
    limits.change(body)
    return _shown(limits)


def counts(server: Any, _: Nothing) -> Any:
    """What is used: by address, and by account."""
    limits = _of(server)
    return {"addresses": limits.addresses(), "accounts": limits.accounts()}


def bans(server: Any, _: Nothing) -> Any:
    """Every address that was refused something, its bans, and its requests during them."""
    return _of(server).bans()


def ban(server: Any, body: Ban) -> Any:
    """Ban an address and end its connections."""
    return {"bannedUntil": _of(server).ban(body.address, body.seconds)}


def lift(server: Any, body: Lift) -> Any:
    """End a ban."""
    _of(server).lift(body.address)
    return {}


OPERATIONS: Mapping[str, Operation] = {
    "limits": Operation(Nothing, show),
    "limits/change": Operation(ChangeLimits, change),
    "limits/counts": Operation(Nothing, counts),
    "bans": Operation(Nothing, bans),
    "bans/add": Operation(Ban, ban),
    "bans/lift": Operation(Lift, lift),
}
"""By the path below ``/admin/``."""
