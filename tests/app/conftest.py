"""What runs in the history is tested on SQLite and on PostgreSQL."""

from engines import blank, postgres, store

__all__ = ["blank", "postgres", "store"]
