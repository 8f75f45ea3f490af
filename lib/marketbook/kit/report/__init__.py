"""Report: a result's text, table, chart and numbers, formatted once, by name, and written to every format."""

from marketbook.kit.report.behind import Behind
from marketbook.kit.report.chart import Chart
from marketbook.kit.report.result import RESULT_MIME, Result

__all__ = ["RESULT_MIME", "Behind", "Chart", "Result"]
