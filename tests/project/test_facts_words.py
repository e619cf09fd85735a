"""Enumerations, error codes and filters equal the documentation."""

import msgspec
import pytest

from surefoot.spot import codes, enums
from surefoot.spot.filters import Filter
from surefoot.values import UNSET
from tests.project.facts import facts

ENUMS = {kind.__name__: kind for kind in enums.OpenEnum.__subclasses__()}
DOCUMENTED = facts("enums")["enums"]
# What is no enumeration of its own: part of one, a range, how a request travels, how it is signed.
ELSEWHERE = {"symbolStatusFilter", "tickerWindowSize", "timeUnit", "apiKeyType", "externalCalculationId"}
SINGULAR = {"permissions": "Permission"}


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - ELSEWHERE))
def test_an_enumeration_equals_the_documented_one(name: str) -> None:
    kind = ENUMS[SINGULAR.get(name, name[0].upper() + name[1:])]
    assert [member.value for member in kind] == list(DOCUMENTED[name])


def test_no_enumeration_is_invented() -> None:
    assert len(ENUMS) == len(set(DOCUMENTED) - ELSEWHERE)


def test_statuses_that_can_be_asked_for_are_statuses() -> None:
    assert set(DOCUMENTED["symbolStatusFilter"]) <= set(enums.SymbolStatus)


def test_numbers_of_reference_prices_are_the_documented_ones_and_open() -> None:
    kind = enums.ExternalCalculationId
    assert [str(member.value) for member in kind] == list(DOCUMENTED["externalCalculationId"])
    stranger = msgspec.json.decode(b"77", type=kind)
    assert (stranger, stranger in list(kind)) == (77, False)


def test_the_sets_of_statuses_are_the_documented_ones() -> None:
    sets = facts("enums")["sets"]
    assert set(sets["orderStatus_open"]) == enums.OPEN_STATUSES
    assert set(sets["orderStatus_final"]) == enums.FINAL_STATUSES


def test_the_error_codes_are_the_documented_ones() -> None:
    documented = {row["code"]: row["name"] for row in facts("errors")["codes"]}
    assert set(codes.CODES) == set(documented)
    misnamed = {code for code, name in codes.CODES.items() if documented[code] not in {None, name}}
    assert misnamed == set()


def test_unknown_execution_equals_the_documented_retry_class() -> None:
    """RETRY-3: exactly the codes that may have been executed."""
    unknown = {row["code"] for row in facts("errors")["codes"] if row["retry"] == "unknown_outcome"}
    assert unknown == codes.UNKNOWN_EXECUTION


def test_a_filter_has_every_documented_field() -> None:
    """RULES-2: no field of a documented filter is lost while decoding."""
    for row in facts("filters")["filters"]:
        decoded = msgspec.convert({"filterType": row["filterType"]}, Filter)
        assert decoded.filter_type == row["filterType"]
        missing = set(row["fields"]) - set(Filter.__struct_encode_fields__)
        assert missing == set(), row["filterType"]


def test_a_filter_from_the_future_decodes() -> None:
    future = msgspec.json.decode(b'{"filterType":"FROM_THE_FUTURE","moonPhase":"0.5"}', type=Filter)
    assert (future.filter_type, future.tick_size) == ("FROM_THE_FUTURE", UNSET)
