"""Results into a table of a database, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet

#: Values in one statement.
_VALUES = 20_000


def into_database(url: str, table: str, schema: pa.Schema, parts: Sequence[str]) -> None:
    """Make a table and fill it within one transaction.  Raises ``OSError`` where that is not possible."""
    import sqlalchemy as sa

    kinds = {f.name: _kind(f.type) for f in schema}
    try:
        engine = sa.create_engine(url)
        into = sa.Table(table, sa.MetaData(), *(sa.Column(n, k) for n, k in kinds.items()))
        with engine.begin() as connection:
            if sa.inspect(connection).has_table(table):
                raise OSError(f"{table}: the table is there already  表已存在")
            into.create(connection)
            size = max(1, _VALUES // len(kinds))
            for part in parts:
                for batch in pa.parquet.read_table(part).to_batches(size):
                    connection.execute(into.insert(), batch.to_pylist())
        engine.dispose()
    except sa.exc.SQLAlchemyError as error:
        raise OSError(next(iter(str(error).splitlines()), type(error).__name__)) from error


def _kind(kind: pa.DataType) -> Any:
    import sqlalchemy

    if pa.types.is_decimal(kind):
        return sqlalchemy.Numeric(kind.precision, kind.scale)
    if pa.types.is_boolean(kind):
        return sqlalchemy.Boolean()
    return sqlalchemy.BigInteger() if pa.types.is_integer(kind) else sqlalchemy.Text()
