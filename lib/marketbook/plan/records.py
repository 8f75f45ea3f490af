"""The types of records of this chapter: importing this makes them known."""

from marketbook.plan import service

__all__ = ["service"]
