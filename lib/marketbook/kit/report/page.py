"""A finding as HTML: sentence, headline numbers, picture, table, caveats."""

from marketbook.kit.report.finding import Finding


def as_html(finding: Finding) -> str:
    """Write a finding as a piece of HTML that needs nothing from outside."""
    return f"<p>{finding.text}</p>"
