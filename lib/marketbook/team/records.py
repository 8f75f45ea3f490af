"""What the team says of types of records: importing this makes it known."""

from marketbook.team import rules

__all__ = ["rules"]
