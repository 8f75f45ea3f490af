"""Store: the records, by SQLAlchemy 2 and Alembic, on SQLite (WAL) or PostgreSQL."""

from marketbook.kit.store.base import Base
from marketbook.kit.store.engine import Store

__all__ = ["Base", "Store"]
