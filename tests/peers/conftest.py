"""An exchange for each module, and the client that it is about."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.peers.answers import prepare
from tests.peers.peer import PYTHON, Peer
from tests.peers.table import promised
from tests.peers.venue import Venue, running


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    assert PYTHON.is_file(), "the other clients are not installed: make .venv-peers/.ready"
    with running() as venue:
        yield venue


@pytest.fixture(scope="module")
def prepared(venue: Venue) -> Venue:
    """The exchange with the market that every client is shown."""
    prepare(venue)
    return venue


@pytest.fixture(scope="module")
def called() -> set[str]:
    """What this module's clients were asked since it was last emptied."""
    return set()


@pytest.fixture(scope="module")
def start(
    venue: Venue, called: set[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Peer]]:
    """Start a script with this module's exchange."""
    logs = tmp_path_factory.mktemp("peers")
    with ExitStack() as stack:

        def started(script: str, *arguments: str) -> Peer:
            log = logs / ("-".join([script, *arguments]) + ".log")
            return stack.enter_context(Peer(script, arguments, venue.settings, log, called))

        yield started


@pytest.fixture(autouse=True)
def kept_its_word(request: pytest.FixtureRequest, called: set[str]) -> Iterator[None]:
    """A test that says it makes calls makes them."""
    parameters = getattr(request.node, "callspec", None)
    names = promised(request.function, parameters.params if parameters else {})
    called.clear()
    yield
    assert names <= called
