"""The wallet endpoint that is served."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk
from surefoot.exchange.render.account import api_restrictions


def restrictions(_: Desk, ask: Ask) -> Any:
    return api_restrictions(ask.signer)


CALLS: Mapping[str, Call] = {"account.apiRestrictions": restrictions}
