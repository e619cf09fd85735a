"""What `surefoot exchange` says once it is ready, to people and to programs; and the keys it was handed."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.accounts import Account
from surefoot.exchange.server import ExchangeServer


class Registered(msgspec.Struct, frozen=True):
    """A public key that a customer made: whose, from which file, and the API key it was given."""

    account: str
    file: str
    api_key: str


def register(server: ExchangeServer, text: str) -> Registered:
    """Hand the key of ``ACCOUNT=FILE`` to the exchange; raises `Misuse` naming what is wrong with it."""
    name, given, file = text.partition("=")
    if not (name and given and file):
        raise Misuse(f"--public-key {text!r} is not ACCOUNT=FILE; say for example alice=public.pem")
    try:
        pem = Path(file).read_bytes()
    except OSError as error:
        raise Misuse(f"cannot read {file}: {error.strerror}; name a public key in PEM") from None
    try:
        return Registered(name, file, server.operations.register_key(name, pem))
    except Misuse as error:
        raise Misuse(f"--public-key {text}: {error}") from None


def announcement(server: ExchangeServer, registered: Sequence[Registered], *, json: bool) -> str:
    """Where the exchange listens and which keys it knows: a sentence, or one JSON object with the secrets."""
    if json:
        said = {
            "rest": server.rest_url,
            "ws": server.ws_url,
            "ws_api": server.ws_api_url,
            "accounts": [_keys(account, server) for account in server.accounts],
        }
        return msgspec.json.encode(said | ({"registered": registered} if registered else {})).decode()
    known = [f"{account.name} {account.api_key}" for account in server.accounts]
    known += [f"{key.account} {key.api_key} for {key.file}" for key in registered]
    where = f"{server.rest_url} · {server.ws_api_url} · {server.ws_url}/ws"
    return f"exchange at {where} (API keys: {', '.join(known)}; --json shows the secrets)"


def _keys(account: Account, server: ExchangeServer) -> dict[str, str]:
    hmac = {"api_key": account.api_key, "secret": account.secret.reveal()}
    if server.front.venue.hmac_only:
        return hmac
    return hmac | {
        "ed25519_api_key": account.ed25519_api_key,
        "ed25519_private_key": account.ed25519_private_key.reveal(),
    }
