"""A whole journal as one file, for whatever reads JSON lines or Parquet."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from surefoot.errors import JournalError, Misuse
from surefoot.execution.journal import Row
from surefoot.execution.sql.extras import needed
from surefoot.execution.sql.reading import Reader, asked

Format = Literal["jsonl", "parquet"]
_HANDFUL = 4096


def export(
    place: str | Path, target: str | Path, format: Format = "jsonl", account: str | None = None
) -> int:
    """Write all entries of the journal at `place` to the new file `target`; returns how many there are.

    Every entry has `seq`, `at_ms`, `kind`, `id`, `symbol` and `body`: JSON, or (Parquet) its text.
    The file is there when it is whole. Raises `Misuse` where it is there before, and `JournalError` where the
    journal cannot be read or (Parquet) the package pyarrow is missing.
    """
    path = Path(target)
    if path.exists():
        raise Misuse(f"{path} is there already: name a new file")
    try:
        write = {"jsonl": _jsonl, "parquet": _parquet}[format]
    except KeyError:
        raise Misuse(f"format={format!r}: jsonl or parquet") from None
    scratch = path.with_name(f".{path.name}.{os.getpid()}")

    def written(reader: Reader) -> int:
        try:
            return write(scratch, reader.rows())
        except OSError as error:
            raise JournalError(f"{path} cannot be written: {error}") from error

    try:
        count = asked(place, account, written)
        scratch.replace(path)
    finally:
        with suppress(OSError):
            scratch.unlink()
    return count


def _jsonl(path: Path, rows: Iterator[Row]) -> int:
    encode = msgspec.json.Encoder().encode
    count = 0
    with path.open("wb") as file:
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the answer
            file.write(encode(row._asdict() | {"body": _checked(row)}) + b"\n")
    return count


def _checked(row: Row) -> msgspec.Raw:
    try:
        return msgspec.json.decode(row.body, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        raise JournalError(f"entry {row.seq} of the journal is damaged ({row.kind}): {error}") from None


def _parquet(path: Path, rows: Iterator[Row]) -> int:
    arrow = needed("pyarrow", extra="data", purpose="an export to Parquet")
    parquet = needed("pyarrow.parquet", extra="data", purpose="an export to Parquet")
    text, whole = arrow.string(), arrow.int64()
    names = {"seq": whole, "at_ms": whole, "kind": text, "id": text, "symbol": text, "body": text}
    schema = arrow.schema(names.items())
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while handful := list(islice(rows, _HANDFUL)):
            columns = (list(column) for column in zip(*handful, strict=True))
            writer.write_table(arrow.table(dict(zip(names, columns, strict=True)), schema=schema))
            count += len(handful)
    return count
