"""What is asked of a connection: until it carries what is wanted, whatever is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.client.aio.inbox import Inbox
from surefoot.client.roll_call import RollCall
from surefoot.client.streams import POLICIES
from surefoot.client.subscriptions import MOST_STREAMS, SUBSCRIBE, UNSUBSCRIBE, Change, Subscriptions
from surefoot.errors import Misuse
from surefoot.spot.streams import StreamKind

NAMES = st.lists(st.integers(0, 30).map(lambda number: f"s{number}@trade"), max_size=20)


def converge(subscriptions: Subscriptions, exchange: set[str], refuses: set[str]) -> tuple[list[str], int]:
    """Ask until nothing is left to ask; returns what was refused, and how many messages it took."""
    refused, messages = [], 0
    while (change := subscriptions.next()) is not None:
        messages += 1
        wrong = change.method == SUBSCRIBE and bool(refuses.intersection(change.names))
        if change.method == UNSUBSCRIBE:
            exchange.difference_update(change.names)
        elif not wrong:
            exchange.update(change.names)
        name = subscriptions.settle(change, refused=wrong)
        if name is not None:
            refused.append(name)
    return refused, messages


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6), st.sets(st.integers(0, 30), max_size=4))
def test_a_connection_ends_up_carrying_what_is_wanted_and_allowed(
    steps: list[tuple[list[str], list[str]]], wrong: set[int]
) -> None:
    refuses = {f"s{number}@trade" for number in wrong}
    subscriptions, exchange = Subscriptions(), set[str]()
    for wanted, dropped in steps:
        subscriptions.want(wanted)
        subscriptions.drop(dropped)
        expected = set(subscriptions.wanted) - refuses
        refused, _ = converge(subscriptions, exchange, refuses)
        assert exchange == set(subscriptions.wanted) == expected
        assert set(refused) <= refuses
        assert subscriptions.carries([*wanted, *dropped])


def test_one_wrong_stream_among_many_costs_few_messages() -> None:
    subscriptions, exchange = Subscriptions(), set[str]()
    subscriptions.want(f"s{number}@trade" for number in range(200))
    refused, messages = converge(subscriptions, exchange, {"s77@trade"})
    assert refused == ["s77@trade"]
    assert len(exchange) == 199
    assert messages <= 18


def test_a_new_connection_begins_with_all_that_is_wanted() -> None:
    subscriptions = Subscriptions()
    subscriptions.want(["a@trade", "b@trade"])
    converge(subscriptions, set(), set())
    assert subscriptions.begin() == ("a@trade", "b@trade")
    assert subscriptions.next() is None


def test_there_is_a_most() -> None:
    subscriptions = Subscriptions()
    subscriptions.want(f"s{number}@trade" for number in range(MOST_STREAMS))
    subscriptions.want(["s1@trade"])
    with pytest.raises(Misuse, match="1025 streams"):
        subscriptions.want(["one@trade"])
    assert len(subscriptions.wanted) == MOST_STREAMS


def test_every_kind_has_its_policy() -> None:
    assert set(POLICIES) == set(StreamKind)


async def test_a_place_in_the_queue_is_renewed_until_it_is_read_or_sealed() -> None:
    inbox: Inbox[int] = Inbox(10, on_full=lambda: None, on_drained=lambda: None)
    inbox.put_newest("a", 1)
    inbox.put(100)
    inbox.put_newest("a", 2)
    inbox.put_newest("b", 3)
    assert await inbox.get() == 2
    inbox.put_newest("a", 4)
    inbox.seal("a")
    inbox.put_newest("a", 5)
    inbox.put_newest("a", 6, merge=lambda old, new: old * new)
    inbox.seal()
    inbox.put_newest("b", 7)
    assert await inbox.get_all() == [100, 3, 4, 30, 7]
    assert not inbox.full


def test_the_roll_is_called() -> None:
    """A stream that the exchange does not list any more is lost."""
    roll = RollCall()
    assert roll.lost(["a", "b"], ["a", "b"]) == ()
    assert roll.lost(["a", "b"], ["b"]) == ("a",)
    assert RollCall().lost(["a"], []) == ("a",), "also when it was never listed"


def test_a_list_that_does_not_show_a_stream_is_not_believed_twice() -> None:
    """Or the connection would be made again for ever."""
    first = RollCall()
    assert first.lost(["a", "odd"], ["a", "ODD"]) == ("odd",)
    second = RollCall(first)
    assert second.lost(["a", "odd"], ["a", "ODD"]) == ()
    assert second.lost(["a", "odd"], ["ODD"]) == ("a",), "the others are believed"
    assert RollCall(second).lost(["a", "odd"], ["a", "odd"]) == ()
    assert second.lost(["a"], []) == ("a",)


def test_connections_share_what_is_wanted_and_nothing_else() -> None:
    wishes = Subscriptions()
    wishes.want(["a@trade"])
    one, other = wishes.anew(), wishes.anew()
    one.begin()
    assert one.complete
    assert not other.complete
    wishes.want(["b@trade"])
    assert not one.complete
    assert other.begin() == ("a@trade", "b@trade")
    assert other.carried == ("a@trade", "b@trade")
    wishes.drop(["a@trade"])
    assert one.next() == Change(UNSUBSCRIBE, ("a@trade",))
