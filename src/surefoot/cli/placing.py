"""Orders checked, rehearsed, placed and found, and what is said about them."""

from collections.abc import Iterator
from typing import Any

from surefoot.cli.sheets import Cell, clock, given, shown, tell, tell_json, tell_table
from surefoot.cli.symbols import meaning
from surefoot.cli.venues import FEW, Where
from surefoot.client.blocking import Client
from surefoot.client.rehearsal import rehearsed
from surefoot.errors import OutcomeUnknown
from surefoot.rules.check import describe
from surefoot.rules.checked import Checked
from surefoot.rules.verdicts import short
from surefoot.spot.orders import OrderAnswer
from surefoot.spot.trade import NewOrder
from surefoot.values import UNSET


def place(asked: NewOrder, where: Where, *, rounding: bool, real_money: bool) -> None:
    """Check and send an order; says what was rounded, and what became of it."""
    with where.client(real_money=real_money) as client, meaning(asked.symbol, client):
        checked = client.check(asked, client.snapshot(asked.symbol), rounding=rounding)
        try:
            answer = client.send(checked.order)
        except OutcomeUnknown as error:
            raise OutcomeUnknown(f"{error}; {_look(error, asked, where)}", error.facts) from error
    if where.json:
        tell_json([answer])
        return
    for change in checked.changes:
        tell(describe(change))
    tell(_became(checked.order, answer, where.env))


def rehearse(asked: NewOrder, where: Where, *, rounding: bool) -> None:
    """Everything but the sending."""
    client = Client(where.environment, where.key_if_any(), proxy=where.proxy, retries=FEW)
    with client, meaning(asked.symbol, client):
        if client.desk.key is None:
            client.sync()
        checked = client.check(asked, client.snapshot(asked.symbol), rounding=rounding)
        wire = rehearsed(client.desk, checked.order).decode()
    if where.json:
        tell_json([_told(checked, wire)])
    else:
        _show(checked, wire, where.env)


def find(symbol: str, order: str, where: Where) -> None:
    """An order by number or by client order id."""
    by_number = order.isdecimal()
    with where.client() as client, meaning(symbol, client):
        found = client.order(
            symbol,
            order_id=int(order) if by_number else UNSET,
            orig_client_order_id=UNSET if by_number else order,
        )
    if where.json:
        tell_json([found])
        return
    rows: list[tuple[Cell, Cell]] = [
        ("order", found.order_id),
        ("client order id", found.client_order_id),
        ("placed", clock(found.time)),
        ("status", found.status.value),
        ("side", found.side.value),
        ("type", found.type.value),
        ("price", shown(found.price)),
        ("quantity", shown(found.orig_qty)),
        ("executed", shown(found.executed_qty)),
        ("for", shown(found.cummulative_quote_qty)),
    ]
    tell_table(f"{symbol}, {where.env}", ("", ""), rows, "")


def _look(error: OutcomeUnknown, asked: NewOrder, where: Where) -> str:
    id = error.facts.client_order_id
    return (
        f"nobody knows yet whether it happened: surefoot order show {asked.symbol} {id} --env {where.env}"
        " tells; do not place it again before that"
    )


def _became(order: NewOrder, answer: OrderAnswer, env: str) -> str:
    status = answer.status.value if answer.status is not UNSET else "accepted"
    text = f"{order.side.value} {order.symbol} on {env}:"
    text += f" order {answer.order_id} ({answer.client_order_id}) {status}"
    if answer.executed_qty is not UNSET and answer.executed_qty and answer.cummulative_quote_qty is not UNSET:
        got, paid = shown(answer.executed_qty), shown(answer.cummulative_quote_qty)
        text += f", {short(got)} executed for {short(paid)}"
    return text


def _told(checked: Checked[NewOrder], wire: str) -> dict[str, Any]:
    return {
        "order": dict(_fields(checked.order)),
        "changes": checked.changes,
        "met": checked.met,
        "skipped": checked.skipped,
        "closing": checked.closing,
        "weight": checked.weight,
        "weight_on_success": checked.weight_on_success,
        "order_count": checked.order_count,
        "bytes": wire,
    }


def _fields(order: NewOrder) -> Iterator[tuple[str, Any]]:
    for field, name in zip(order.__struct_fields__, order.__struct_encode_fields__, strict=True):
        value = getattr(order, field)
        if value is not UNSET:
            yield name, value


def _show(checked: Checked[NewOrder], wire: str, env: str) -> None:
    tell_table("The order", ("", ""), [(name, given(value)) for name, value in _fields(checked.order)], "")
    for change in checked.changes:
        tell(f"rounded: {describe(change)}")
    met = [(each.filter, each.field, short(each.value), each.bound) for each in checked.met]
    tell_table("Rules it meets", ("rule", "of", "value", "bound"), met, "no rule judges it")
    for skipped in checked.skipped:
        tell(f"not judged: {skipped.filter}: {skipped.why}")
    if checked.closing is not None:
        tell(f"closing: {checked.closing.why}")
    cost = f"weight {checked.weight} if refused, {checked.weight_on_success} if accepted"
    tell(f"{cost}; counts {checked.order_count} towards the order limits")
    tell("\nThe bytes, without the key's header and the signature (&signature=… follows at the end):\n")
    tell(wire.replace("\r\n", "\n"))
    tell(f"\ndry run for {env}: nothing was sent")
