"""The project's tools find what they are there to find. What they must find is spelt in pieces here."""

from pathlib import Path

import pytest

from tools import secretscan, tidy, tree

CORE = "src/surefoot/spot/thing.py"


@pytest.mark.parametrize(
    "line",
    [
        "# TO" + "DO later",
        "path = '/ho" + "me/someone/project'",
        "url = 'https://files.python" + "hosted.org/x'",
        "<" * 7 + " HEAD",
        ">" * 7 + " 0123456789",
    ],
)
def test_a_text_is_read(line: str) -> None:
    assert [found.place for found in tidy.read_text("docs/page.md", f"fine\n{line}\n")] == ["docs/page.md:2"]


def test_a_url_is_not_a_machine_path() -> None:
    assert list(tidy.read_text("docs/page.md", "see https://example.com/home/page and ~/wo" + "rk/x")) == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("class OrderManager: ...", "OrderManager"),
        ("class Limits:\n    read_timeout: float", "read_timeout_ms"),
        ("def wait(delay: float) -> None: ...", "delay_ms"),
        ("def call(**options: int) -> None:\n    other(1, **options)", "options"),
        ("price = float('0.1')", "float()"),
    ],
)
def test_a_source_is_read(source: str, complaint: str) -> None:
    (found,) = tidy.read_source(CORE, source)
    assert complaint in found.text


def test_a_name_with_its_unit_is_fine() -> None:
    source = "def wait(delay_ms: float, recv_window_ms: float, timeout_seconds: int) -> None: ..."
    assert list(tidy.read_source(CORE, source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "def tell(**facts: int) -> None:\n    print(facts)",
        "def room(window: Window) -> None: ...",
        "def connect(ssl_handshake_timeout: float | None) -> None: ...",
    ],
)
def test_what_only_looks_alike_is_fine(source: str) -> None:
    assert list(tidy.read_source(CORE, source)) == []


def test_float_is_fine_away_from_money() -> None:
    assert list(tidy.read_source("src/surefoot/net/thing.py", "x = float('0.1')")) == []


def test_a_vague_file_is_found() -> None:
    assert [found.place for found in tidy.read_source("src/surefoot/spot/utils.py", "")] == [
        "src/surefoot/spot/utils.py"
    ]


def test_sizes_are_measured() -> None:
    source = 'class A:\n  def f(self):\n    """Say.\n\n    more\n    """\n    a = 1\n    return a\n'
    found = {(kind, size) for _, kind, size in tidy.sizes(CORE, source)}
    assert found == {("lines of module", 8), ("methods of class", 1), ("lines of function", 2)}


def test_too_big_is_found() -> None:
    (found,) = tidy.over([tidy.Size("f", "lines of function", 41)], {})
    assert "41" in found.text


def test_a_ratchet_allows_no_growth_and_wants_to_be_tightened() -> None:
    ratchet = {("f", "lines of function"): 50}
    texts = [
        [f.text for f in tidy.over([tidy.Size("f", "lines of function", n)], ratchet)] for n in (50, 51, 45)
    ]
    assert texts[0] == []
    assert "at most 50" in texts[1][0]
    assert "tighten" in texts[2][0]
    assert "is gone" in next(tidy.over([], ratchet)).text


MIXED = "Qw3rTy7UiOpAs9DfGhJk2LzXcVbNm4Qw" + "E5rTyUiOpA6sDfGhJkLzX8cVbNmQwErT"


@pytest.mark.parametrize(
    "text",
    [
        f"key = '{MIXED}'",
        "-----BEGIN PRIVATE " + "KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n",
        "-----BEGIN RSA PRIVATE " + "KEY-----\\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ",
        "MC4CAQAwBQYDK2VwBCIE" + "I" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE",
        "AK" + "IA" + "ABCDEFGHIJKLMNOP",
        "gh" + "p_" + "a1B2" * 9,
    ],
)
def test_a_secret_is_found(text: str) -> None:
    """AUTH-5: keys do not reach the repository."""
    assert next(line for line, _ in secretscan.secrets_in("first line\n" + text)) >= 2


@pytest.mark.parametrize("text", ["0123456789abcdef" * 4, "=" * 64, "A1b" * 21 + "A", "sha256:" + "9f" * 32])
def test_hashes_and_rulers_are_no_secrets(text: str) -> None:
    assert list(secretscan.secrets_in(text)) == []


def test_the_published_examples_are_allowed_and_recognised() -> None:
    """The allow-list holds exactly the official examples: without it each of them would be found."""
    text = (Path(__file__).parents[1] / "facts" / "vectors.json").read_text(encoding="utf-8")
    assert list(secretscan.secrets_in(text)) == []
    found = {secretscan._digest(m[1]) for p in secretscan.PATTERNS.values() for m in p.finditer(text)}
    assert found >= secretscan.PUBLISHED


def test_files_are_found_without_git(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / ".venv").mkdir()
    for name in ("src/a.py", ".venv/b.py", "c.md"):
        (tmp_path / name).write_text("x")
    assert [p.relative_to(tmp_path).as_posix() for p in tree._walk(tmp_path)] == ["c.md", "src/a.py"]
