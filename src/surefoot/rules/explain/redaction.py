"""Secrets are taken out of a text before anything is done with it."""

import re

_GONE = "***"
_NAMED = re.compile(
    r"""((?:signature|api[-_]?key|x-mbx-apikey|secret|api[-_]?secret|secret[-_]?key|private[-_]?key|listen[-_]?key|passphrase
    |password|token|listenToken|authorization)
    (?:\\?["'])?\s*(?:[:=]|%3D|',\s*'|",\s*")\s*(?:b?\\?["'])?)
    (?!\*{3})[^\s"'&,;\\)}\]<>]{4,}""",
    re.IGNORECASE | re.VERBOSE,
)
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_KEYLIKE = re.compile(
    r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9]{0,63}[0-9])(?=[A-Za-z0-9]{0,63}[A-Za-z])[A-Za-z0-9]{64}(?![A-Za-z0-9+/])"
)


def redacted(text: str) -> str:
    """The same without signatures, keys and private keys; 64 letters and digits are taken for one."""
    text = _PEM.sub(_GONE, text) if "-----BEGIN" in text else text
    return _KEYLIKE.sub(_GONE, _NAMED.sub(rf"\g<1>{_GONE}", text))
