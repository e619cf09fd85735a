"""Decoding a whole exchangeInfo into surefoot's structs, against bare msgspec with plain structs.

Plain: the same fields, every enumeration a `str`, nothing else differs; amounts are Decimals on both sides.
"""

import gzip
import os
from decimal import Decimal
from enum import Enum
from functools import cache, reduce
from operator import or_
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from benchmarks.chunks import one_by_one
from benchmarks.figures import Row, Table, Worked, ratios
from benchmarks.processes import Run
from surefoot.codec.rest import decode_answer
from surefoot.exchange.core.listing import default_exchange_info
from surefoot.spot.general import ExchangeInfo, GetExchangeInfo

_FILE = "exchangeInfo-2021-10-12.json.gz"
_SYMBOLS, _CHUNK = 1_700, 3
_OURS, _PLAIN, _TEXT, _UNTYPED = "info.surefoot", "info.plain", "info.plain_text", "info.untyped"


def _recorded() -> Path | None:
    folder = os.environ.get("SUREFOOT_RECORDINGS")
    file = Path(folder) / _FILE if folder else None
    return file if file is not None and file.is_file() else None


def _body() -> bytes:
    """The recording, or as many copies of the default symbols under other names."""
    if (file := _recorded()) is not None:
        return gzip.decompress(file.read_bytes())
    info = default_exchange_info()
    rows = info["symbols"]
    info["symbols"] = [rows[n % len(rows)] | {"symbol": f"SYMBOL{n}"} for n in range(_SYMBOLS)]
    return msgspec.json.encode(info)


@cache
def _plain(kind: Any, money: type = Decimal) -> Any:
    """The same type without surefoot: plain structs, `str` for enumerations, `money` for amounts."""
    if get_origin(kind) in {Union, UnionType}:
        return reduce(or_, (_plain(part, money) for part in get_args(kind)))
    if get_origin(kind) is tuple:
        return GenericAlias(tuple, (_plain(get_args(kind)[0], money), ...))
    if not isinstance(kind, type):
        return kind
    if issubclass(kind, msgspec.Struct):
        fields = [_field(field, money) for field in msgspec.structs.fields(kind)]
        return msgspec.defstruct(kind.__name__, fields, rename="camel", kw_only=True)
    if issubclass(kind, Enum):
        return str
    return money if kind is Decimal else kind


def _field(field: msgspec.structs.FieldInfo, money: type) -> Any:
    name, kind = field.name, _plain(field.type, money)
    return (name, kind) if field.default is msgspec.NODEFAULT else (name, kind, field.default)


def surefoot(seconds: float, port: int) -> Worked:
    """What the client does with the body of the answer."""
    request, body = GetExchangeInfo(), _body()
    return one_by_one(lambda: decode_answer(request, body), seconds, _CHUNK)


def plain(seconds: float, port: int) -> Worked:
    """msgspec, plain structs, Decimals."""
    decoder, body = msgspec.json.Decoder(_plain(ExchangeInfo)), _body()
    return one_by_one(lambda: decoder.decode(body), seconds, _CHUNK)


def plain_text(seconds: float, port: int) -> Worked:
    """msgspec, plain structs, amounts left as text."""
    decoder, body = msgspec.json.Decoder(_plain(ExchangeInfo, str)), _body()
    return one_by_one(lambda: decoder.decode(body), seconds, _CHUNK)


def untyped(seconds: float, port: int) -> Worked:
    """msgspec, dicts and lists."""
    body = _body()
    return one_by_one(lambda: msgspec.json.decode(body), seconds, _CHUNK)


def measure(run: Run) -> list[Table]:
    """How many times bare msgspec it takes."""
    rounds = run.rounds((_PLAIN, _OURS, _TEXT, _UNTYPED), 4, 1.2)
    source = "the recording of 2021-10-12" if _recorded() else "synthetic (SUREFOOT_RECORDINGS is not set)"
    against = {
        "plain structs of the same fields": (_PLAIN, 1.5),
        "the same, amounts left as text": (_TEXT, None),
        "untyped: dicts and lists": (_UNTYPED, None),
    }
    return [
        Table(
            title="info: decoding exchangeInfo, against msgspec with",
            rows=tuple(
                Row(name=name, figures=ratios(rounds, _OURS, other), unit="× bare", goal=goal)
                for name, (other, goal) in against.items()
            ),
            notes=(f"{source}, {len(_body()):,} bytes",),
        )
    ]
