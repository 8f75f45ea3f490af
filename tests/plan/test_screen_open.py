"""What is open on the screen of plans: what a step did is told in whatever shape the record has after it."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.office import deciding as tools
from tests.office.company import House, status
from tests.office.deciding import Visit, form, send, told
from tests.office.planning import YEAR

from marketbook.kit.forms.screen import Panel
from marketbook.office import activity
from marketbook.office.params import ActivityEntry
from marketbook.plan.screen_open import OpenWork


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(house, monkeypatch) as come:
        yield come


def test_a_step_is_told_when_other_things_are_typed_after_it(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.store.writing() as session:
        entry = ActivityEntry(kind="task", title="联系媒体", due_on=date(YEAR, 5, 31))
        number = activity.enter(session, entry, actor=house.people.sales).id
    panel = Panel()
    OpenWork(visit(house.people.sales), panel, changed=lambda: None).show(number)
    send(panel, "office/decide", monkeypatch, pressed="")
    assert status(house, number) == "in_progress"
    assert form(panel, "plan/activity") is None
    assert form(panel, "plan/result") is not None
    assert "is now in progress." in told(panel)
