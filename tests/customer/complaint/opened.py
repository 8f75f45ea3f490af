"""How many rows stand behind a number of a report, as its page opens them."""

from marketbook.app import catalogue
from marketbook.kit.facts import Rows, view
from marketbook.kit.store import Store


def opened(store: Store, rows: Rows) -> int:
    declared = catalogue.with_views()
    again = Rows.decode(rows.encode(), declared)
    shown = declared[again.dataset]
    assert isinstance(shown, view.View)
    with store.reading() as session:
        return view.totals(session, shown, again)[0]
