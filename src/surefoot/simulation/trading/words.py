"""A story in words: who does what, and what goes wrong."""

from collections.abc import Iterator
from typing import Any

import msgspec

from surefoot.exchange.faults import Rule
from surefoot.simulation.trading.actions import Action
from surefoot.simulation.trading.kills import AtCommit, AtOrder, AtStep, AtTime, Kill
from surefoot.simulation.trading.options import Role, TradingOptions
from surefoot.simulation.trading.troubles import SlowDisk, Trouble
from surefoot.simulation.wire import Weather


def told(options: TradingOptions) -> Iterator[str]:
    """Line by line."""
    yield f"seed {options.seed}"
    if options.weather != Weather():
        yield f"the network: {_plain(options.weather)}"
    for role in options.roles:
        yield from _role(role)
    wrong = [
        *map(_kill, options.kills),
        *map(_trouble, options.troubles),
        *(f"on the wires: {type(one).__name__} {_plain(one)}" for one in options.plan),
        *map(_rule, options.rules),
        *(f"at {one.at_s:.3f} s: {type(one).__name__} {_plain(one)}" for one in options.happens),
    ]
    yield "what goes wrong: " + ("nothing" if not wrong else "")
    yield from (f"  {line}" for line in wrong)
    if options.safety_s:
        yield f"this lasts for {options.safety_s:g} s at least"


def _role(role: Role) -> Iterator[str]:
    key = "Ed25519" if role.ed25519 else "HMAC"
    way = "the WebSocket API" if role.transport == "ws_api" else "REST"
    clock = f", its clock {role.offset_ms} ms off" if role.offset_ms else ""
    limit = "" if role.open_orders is None else f", at most {role.open_orders} open orders"
    yield (
        f"{role.name}: {key}, over {way}{clock}{limit}, compares every {role.reconcile_ms} ms,"
        f" a checkpoint every {role.checkpoint_every} entries, late orders: {role.late}"
    )
    yield from (f"  {_action(action)}" for action in role.actions)


def _action(action: Action) -> str:
    pause = f"after {action.pause_s:g} s " if action.pause_s else ""
    if action.places:
        size = f"{action.amount} of quote" if action.kind == "quote" else f"{action.quantity}"
        price = "" if action.kind in {"market", "quote"} else f" @ {action.price}"
        what = f"{action.kind} {action.side} {size} {action.symbol}{price}"
    else:
        what = f"{action.kind} {action.symbol} (pick {action.which:g}, to {action.price})"
    again = f", placed anew {action.again} times at most" if action.again else ""
    beside = ", does not wait for it" if action.beside else ""
    patience = "" if action.patience_s is None else f", waits {action.patience_s:g} s"
    return f"{action.number}. {pause}{what}{again}{beside}{patience}"


def _kill(kill: Kill) -> str:
    match kill:
        case AtTime(at_s=at_s):
            when = f"at {at_s:g} s"
        case AtStep(nth=nth, life=life):
            when = f"before step {nth} of life {life}"
        case AtCommit(nth=nth, moment=moment):
            when = f"{moment} commit {nth}"
        case AtOrder(nth=nth, after_s=after_s):
            when = f"{after_s:g} s after order {nth} left"
    how = "loses power" if kill.power_loss else "is killed"
    return f"{kill.host} {how} {when}, and is back {kill.back_s:g} s later"


def _trouble(trouble: Trouble) -> str:
    how = f"takes {trouble.commit_s:g} s for a commit" if isinstance(trouble, SlowDisk) else "is full"
    return f"{trouble.host}'s disk {how} from {trouble.at_s:g} s on for {trouble.for_s:g} s"


def _rule(rule: Rule) -> str:
    kind = rule.fault.__struct_config__.tag
    return f"the exchange: {kind} {_plain(rule.fault)} where {_plain(rule.place)}: {_plain(rule)}"


def _plain(value: Any) -> str:
    fields = msgspec.to_builtins(value, builtin_types=(bytes,))
    hidden = {"fault", "where", "type", "kind", "at_s", "name", "seed"}
    shown = {name: one for name, one in fields.items() if name not in hidden and one is not None}
    return " ".join(f"{name}={one}" for name, one in shown.items())
