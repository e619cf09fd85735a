"""A key belongs to the first environment that answered it (ENV-2)."""

import json
import stat
import threading
from pathlib import Path

import msgspec
import pytest

from surefoot import DEMO, PRODUCTION, TESTNET, AsyncClient, Client, Credentials, Secret
from surefoot.cli.app import run
from surefoot.client.call import call, run_blocking
from surefoot.client.desk import Desk
from surefoot.credentials.binding import Binding, file_of, fingerprint, forget
from surefoot.errors import Misuse, NotAuthorized
from surefoot.rules.outcomes import Said
from surefoot.simulation.world import SimulatedStorage
from surefoot.spot.account import GetOpenOrders
from surefoot.spot.environments import Environment
from surefoot.spot.general import Ping
from surefoot.telemetry.observations import Noted, Warned
from surefoot.testing import EmbeddedExchange
from surefoot.world import FileStorage, SeededEntropy, Storage, World, system_world
from tests.client.test_call import Clock, ScriptedWire, Tape

API_KEY = Secret("k" * 58 + "TAIL42")
ANSWERED = Said(status=200, result=b"[]")


def used(
    environment: Environment, storage: Storage, *answers: Said, tape: Tape | None = None
) -> tuple[ScriptedWire, Desk]:
    """A client's desk in that environment, and a wire that gives these answers."""
    key = Credentials(environment=environment.name, api_key=API_KEY, secret=Secret("hush"))
    clock = Clock()
    desk = Desk(environment, key, world=World(clock, SeededEntropy(1), storage), sink=tape or Tape())
    return ScriptedWire(desk, clock, list(answers)), desk


def test_the_first_answer_binds_and_another_environment_is_refused_before_anything_is_sent() -> None:
    storage = SimulatedStorage()
    wire, desk = used(TESTNET, storage, ANSWERED)
    run_blocking(call(wire, desk, GetOpenOrders()))
    with pytest.raises(Misuse) as caught:
        used(PRODUCTION, storage)
    for words in ("…TAIL42", "'testnet'", "'production'", "nothing was sent", "surefoot keys forget"):
        assert words in str(caught.value)
    used(TESTNET, storage)  # where it belongs it goes on


def test_only_a_signed_answer_binds() -> None:
    """A key that was tried in the wrong place first must not be bound to it."""
    storage = SimulatedStorage()
    refused = Said(status=401, code=-2015, message="Invalid API-key, IP, or permissions for action.")
    wire, desk = used(PRODUCTION, storage, refused, Said(status=200, result=b"{}"))
    with pytest.raises(NotAuthorized):
        run_blocking(call(wire, desk, GetOpenOrders()))
    run_blocking(call(wire, desk, Ping()))
    assert storage.read(file_of(API_KEY)) is None
    used(TESTNET, storage)


def test_it_is_written_once() -> None:
    class Counting(SimulatedStorage):
        writes = 0

        def write(self, name: str, content: bytes) -> None:
            self.writes += 1
            super().write(name, content)

    storage = Counting()
    for _ in range(2):
        wire, desk = used(TESTNET, storage, ANSWERED, ANSWERED)
        for _ in range(2):
            run_blocking(call(wire, desk, GetOpenOrders()))
    assert storage.writes == 1


def test_the_key_itself_is_not_kept() -> None:
    storage = SimulatedStorage()
    wire, desk = used(TESTNET, storage, ANSWERED)
    run_blocking(call(wire, desk, GetOpenOrders()))
    content = storage.read(file_of(API_KEY))
    assert json.loads(content or b"") == {
        "format": "surefoot key 1",
        "environment": "testnet",
        "key_tail": "TAIL42",
    }
    assert len(fingerprint(API_KEY)) == 16
    assert API_KEY.reveal()[:10] not in file_of(API_KEY)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b'{"environment":1}', b'{"format":"x"}'])
def test_a_damaged_file_is_told_and_made_anew(content: bytes) -> None:
    storage, tape = SimulatedStorage(), Tape()
    storage.write(file_of(API_KEY), content)
    wire, desk = used(TESTNET, storage, ANSWERED, tape=tape)
    (warned,) = [seen for seen in tape.heard if isinstance(seen, Warned)]
    assert "is damaged" in warned.text
    run_blocking(call(wire, desk, GetOpenOrders()))
    with pytest.raises(Misuse, match="belongs to 'testnet'"):
        used(DEMO, storage)


def test_a_file_of_another_version_is_told() -> None:
    storage, tape = SimulatedStorage(), Tape()
    later = {"format": "surefoot key 9", "environment": "demo", "key_tail": "TAIL42"}
    storage.write(file_of(API_KEY), msgspec.json.encode(later))
    used(TESTNET, storage, tape=tape)
    assert any("another version" in seen.text for seen in tape.heard if isinstance(seen, Warned))


@pytest.mark.parametrize("fails", ["read", "write"])
def test_a_disk_that_cannot_be_used_stops_nobody(fails: str) -> None:
    class Broken(SimulatedStorage):
        pass

    def fail(self: object, *_: object) -> None:
        raise OSError(30, "Read-only file system")

    setattr(Broken, fails, fail)
    tape = Tape()
    wire, desk = used(TESTNET, Broken(), ANSWERED, ANSWERED, tape=tape)
    for _ in range(2):
        run_blocking(call(wire, desk, GetOpenOrders()))
    notes = [seen.text for seen in tape.heard if isinstance(seen, Noted)]
    assert len(notes) == 1
    assert "Read-only file system" in notes[0]


def test_files_are_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    wire, desk = used(TESTNET, FileStorage(folder), ANSWERED)
    run_blocking(call(wire, desk, GetOpenOrders()))
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Threads and processes that bind keys at the same moment: a file for each key, each written whole."""
    storage, told = FileStorage(tmp_path), list[str]()
    keys = [Secret(f"key{number}") for number in range(8)]
    together = threading.Barrier(16)

    def bind(key: Secret) -> None:
        binding = Binding(storage, key, "testnet", note=told.append, warn=told.append)
        binding.bound()
        together.wait()
        binding.answered()

    threads = [threading.Thread(target=bind, args=(key,)) for key in keys * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for key in keys:
        assert Binding(storage, key, "testnet", note=told.append, warn=told.append).bound()
    assert told == []
    assert len(list(tmp_path.iterdir())) == 8


def test_a_key_that_moved_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    storage = system_world().storage
    wire, desk = used(TESTNET, storage, ANSWERED)
    run_blocking(call(wire, desk, GetOpenOrders()))
    monkeypatch.setenv("SUREFOOT_API_KEY", API_KEY.reveal())
    assert run(["keys", "forget"]) == 0
    assert "the key …TAIL42 belongs nowhere now" in capsys.readouterr().out
    wire, desk = used(DEMO, storage, ANSWERED)
    run_blocking(call(wire, desk, GetOpenOrders()))
    with pytest.raises(Misuse, match="belongs to 'demo'"):
        used(TESTNET, storage)
    forget(storage, API_KEY)
    used(TESTNET, storage)
    monkeypatch.delenv("SUREFOOT_API_KEY")
    assert run(["keys", "forget"]) == 2
    assert "set SUREFOOT_API_KEY" in capsys.readouterr().err


def test_a_local_exchange_binds_nothing(exchange: EmbeddedExchange, tmp_path: Path) -> None:
    world = system_world(tmp_path)
    with Client(exchange.environment, exchange.open_account(USDT=1), world=world) as client:
        client.account()
    assert list(tmp_path.iterdir()) == []


async def test_clients_of_both_kinds_bind_and_refuse(exchange: EmbeddedExchange, tmp_path: Path) -> None:
    """Over real sockets: two environments whose URLs lead to the same exchange."""
    account, world = exchange.open_account(USDT=1), system_world(tmp_path)
    urls = {way: getattr(exchange.environment, way) for way in ("rest", "ws_api", "streams")}
    testnet, demo = TESTNET.with_urls(**urls), DEMO.with_urls(**urls)
    there, elsewhere = (msgspec.structs.replace(account, environment=each.name) for each in (testnet, demo))
    async with AsyncClient(testnet, there, world=world) as client:
        await client.account()
    with Client(testnet, there, world=world) as blocking:
        blocking.account()
    with pytest.raises(Misuse, match="belongs to 'testnet'"):
        Client(demo, elsewhere, world=world)
    with pytest.raises(Misuse, match="belongs to 'testnet'"):
        AsyncClient(demo, elsewhere, world=world, transport="ws_api")
