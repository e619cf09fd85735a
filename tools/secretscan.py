"""A secret scan over the project's files. Run by ``make lint``.

What looks like a key is refused, except the keys that Binance itself publishes as worked examples: those are
known by their SHA-256, so that the exception cannot be widened by pasting a key into a data file.
"""

import hashlib
import re
import sys
from collections.abc import Iterator

from tools.tree import texts

_B64 = r"[A-Za-z0-9+/]"
PATTERNS = {
    "a private key": re.compile(rf"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\\rn\"',()]*({_B64}{{32,}}=*)"),
    "an Ed25519 private key": re.compile(rf"(?<!{_B64})(MC4CAQAwBQYDK2VwBCIEI{_B64}{{43}})(?!{_B64})"),
    "a 64-character API key or secret": re.compile(rf"(?<!{_B64})([A-Za-z0-9]{{64}})(?![A-Za-z0-9+/=])"),
    "an AWS access key": re.compile(r"(?<![A-Z0-9])((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Z0-9])"),
    "a GitHub token": re.compile(r"(?<!\w)(gh[pousr]_\w{36,}|github_pat_\w{60,})"),
    "a Google API key": re.compile(r"(?<![\w-])(AIza[\w-]{35})(?![\w-])"),
    "a Slack token": re.compile(r"(?<!\w)(xox[abprs]-[\w-]{10,})"),
    "a Vault token": re.compile(r"(?<!\w)(hvs\.[\w-]{24,})"),
}
PUBLISHED = frozenset(
    {
        "88a07940499df805e429410fb07b23408a5375962ad3960210e7c2c7aac67779",  # api key Ed25519
        "5ba1ed8425baaa72d558afddb8aaacdfe29ad0dc1a44dae76640127e83626d29",  # api key HMAC
        "3b76d52c452446111712fa1a02da33ede27938e6e2ba943f514f3929b837f043",  # api key RSA
        "5053ebf5ac726b85783e41f802c78d0144c7c675236324d218ffe9090963528e",  # private key Ed25519
        "23e9efa3ced6e70c7f2dbe0d08295f18f94b0cbd5c6026677e3bc51897ee31f2",  # secret HMAC
    }
)
"""SHA-256 of the keys in the official request signing examples (tests/facts/vectors.json)."""


def secrets_in(text: str) -> Iterator[tuple[int, str]]:
    """Line number and kind of everything in `text` that looks like a secret."""
    for kind, pattern in PATTERNS.items():
        for found in pattern.finditer(text):
            value = found[1]
            if _plausible(kind, value) and _digest(value) not in PUBLISHED:
                yield text.count("\n", 0, found.start(1)) + 1, kind


def _plausible(kind: str, value: str) -> bool:
    """64 characters are a key only when mixed: hashes are hexadecimal, names and rulers are monotonous."""
    if not kind.startswith("a 64"):
        return True
    mixed = all(re.search(kinds, value) for kinds in ("[a-z]", "[A-Z]", "[0-9]"))
    return mixed and len(set(value)) > 16  # noqa: PLR2004  a random one has about 40


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def main() -> int:
    """Print every find without printing the secret; 1 when there are any."""
    found = [(name, *find) for name, text in texts() for find in secrets_in(text)]
    for name, line, kind in found:
        print(f"{name}:{line}: looks like {kind}")
    print(f"secretscan: {len(found)} find(s)" if found else "secretscan: nothing that looks like a secret")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
