"""Sales are tested on SQLite and on PostgreSQL."""

from tests.customer.sales.counter import counter

__all__ = ["counter"]
