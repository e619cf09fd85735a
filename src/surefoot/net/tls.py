"""TLS contexts: verified on the client's side, always."""

import ssl
from pathlib import Path

from surefoot.errors import Misuse


def client_context(ca_file: str | Path | None = None) -> ssl.SSLContext:
    """Trusts the system's authorities (and SSL_CERT_FILE), or only those in `ca_file`; raises `Misuse`."""
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise Misuse(f"cannot read the certificates in {ca_file}: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def server_context(cert_file: str | Path, key_file: str | Path) -> ssl.SSLContext:
    """Serves with this certificate chain and key (PEM); raises `Misuse` naming the files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert_file, key_file, password="")  # never ask the terminal for one
    except (OSError, ssl.SSLError) as error:
        raise Misuse(f"cannot serve TLS with {cert_file} and {key_file}: {error}") from None
    return context
