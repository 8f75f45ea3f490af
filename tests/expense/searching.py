"""What the forms call a budget line."""

from tests.office.company import House

from marketbook.expense import finding
from marketbook.office import budget_line


def label(house: House, line: int) -> str:
    with house.store.reading() as session:
        return finding.line_label(session, budget_line.named(session, line))
