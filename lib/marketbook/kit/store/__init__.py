"""Store: the records, by SQLAlchemy 2 and Alembic, on SQLite (WAL) or PostgreSQL."""

from marketbook.kit.store.base import Base
from marketbook.kit.store.engine import Store
from marketbook.kit.store.moment import Moment, now

__all__ = ["Base", "Moment", "Store", "now"]
