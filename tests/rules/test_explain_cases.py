"""Errors as clients print them, and what each means (OBS-2); expected is what the documentation says."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot import explain

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "explain_cases.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 300


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case['cause']}" for n, case in enumerate(CASES, 1)])
def test_an_error_is_explained(case: dict[str, Any]) -> None:
    """OBS-2: cause, whether it happened, whether a retry is safe."""
    answer = explain(case["text"], case.get("context"))
    found = (answer.cause, answer.happened, answer.retry, answer.ambiguous)
    wanted = (case["cause"], case["happened"], case["retry"], case.get("ambiguous", answer.ambiguous))
    assert found == wanted
    assert answer.next_step
    assert answer.next_step in answer.text
