"""Store: the records, by SQLAlchemy 2 and Alembic, on SQLite (WAL) or PostgreSQL."""

from marketbook.kit.store.actor import SETUP, SYSTEM, acting
from marketbook.kit.store.base import Base
from marketbook.kit.store.engine import Store
from marketbook.kit.store.moment import Moment, at, now
from marketbook.kit.store.money import Minor

__all__ = ["SETUP", "SYSTEM", "Base", "Minor", "Moment", "Store", "acting", "at", "now"]
