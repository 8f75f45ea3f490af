"""The store's tests run on SQLite and on PostgreSQL."""

from tests.engines import blank, postgres, store

__all__ = ["blank", "postgres", "store"]
