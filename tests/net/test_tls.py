"""TLS: always verified on the client's side, and files that cannot be read are named."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import CannotConnect, Misuse
from surefoot.net.blocking import BlockingHttp
from surefoot.net.pool import HttpPool
from surefoot.net.tls import client_context, server_context
from surefoot.net.websocket import dial_websocket
from surefoot.wire import Origin
from tests.net.wires import App, Loops, Sink, get, serving


def test_clients_verify_certificate_and_name(certificates: Any) -> None:
    for context in (client_context(), client_context(certificates.ca)):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_an_unknown_authority_is_refused(run: Loops, certificates: Any) -> None:
    """Before anything is sent: it did not happen."""
    app = App()

    async def story() -> None:
        context = server_context(certificates.cert, certificates.key)
        async with serving(app, tls=context) as listener:
            origin = Origin("https", "127.0.0.1", listener.port)
            pool = HttpPool(origin, tls=client_context())
            with pytest.raises(CannotConnect, match="certificate verify failed"):
                await pool.exchange(get())
            await pool.close()
            with pytest.raises(CannotConnect, match="certificate verify failed"):
                await dial_websocket(Origin("wss", *origin_tail(origin)), "/", Sink(), tls=client_context())
            assert app.asked == []

    run(story())


def origin_tail(origin: Origin) -> tuple[str, int]:
    return origin.host, origin.port


def test_websockets_need_a_context_for_tls(run: Loops) -> None:
    async def story() -> None:
        with pytest.raises(Misuse, match="TLS context"):
            await dial_websocket(Origin("wss", "h", 443), "/", Sink())

    run(story())


def test_plain_words_to_a_tls_server(run: Loops, certificates: Any) -> None:
    async def story() -> None:
        context = server_context(certificates.cert, certificates.key)
        async with serving(App(), tls=context) as listener:
            heard = await HttpPool(Origin("http", "127.0.0.1", listener.port)).exchange(get())
            assert not hasattr(heard, "status")

    run(story())


def test_files_that_cannot_be_read_are_named(tmp_path: Path, certificates: Any) -> None:
    nonsense, missing = tmp_path / "nonsense.pem", tmp_path / "missing.pem"
    nonsense.write_text("not a certificate")
    for bad in (nonsense, missing):
        with pytest.raises(Misuse, match=bad.name):
            client_context(bad)
        with pytest.raises(Misuse, match=bad.name):
            server_context(certificates.cert, bad)


def test_an_encrypted_key_is_refused_and_asks_nobody(tmp_path: Path, certificates: Any) -> None:
    from cryptography.hazmat.primitives import serialization as keys

    key = keys.load_pem_private_key(certificates.key.read_bytes(), None)
    locked = tmp_path / "locked.pem"
    kind = keys.BestAvailableEncryption(b"secret")
    locked.write_bytes(key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, kind))
    with pytest.raises(Misuse, match="locked"):
        server_context(certificates.cert, locked)


def test_blocking_verifies_too(certificates: Any) -> None:
    import asyncio

    async def story() -> None:
        context = server_context(certificates.cert, certificates.key)
        async with serving(App(), tls=context) as listener:
            http = BlockingHttp(Origin("https", "127.0.0.1", listener.port), tls=client_context())
            with pytest.raises(CannotConnect, match="certificate verify failed"):
                await asyncio.to_thread(http.exchange, get())

    asyncio.run(story())
