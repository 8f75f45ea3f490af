"""Money as a column: whole minor units (fen). PostgreSQL would round 10.5 and SQLite keep it."""

from sqlalchemy import BigInteger, Dialect
from sqlalchemy.types import TypeDecorator


class Minor(TypeDecorator[int]):
    """A column type for an amount in minor units."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse anything but a whole number."""
        if value is not None and type(value) is not int:
            raise ValueError(f"{value!r} is no amount in minor units; it must be an int")
        return value


def whole(column: str) -> str:
    """Return the rule that a column's values are whole: what a bind cannot refuse, SQLite's own writers may send."""
    return f"CAST({column} AS BIGINT) = {column}"
