"""The types of records that several chapters share: importing this makes them known."""

from marketbook.office import activity, budget_transfer, decision, report, scorecard

__all__ = ["activity", "budget_transfer", "decision", "report", "scorecard"]
