"""A claim on its screen: what a step did is told in whatever shape the claim has after it."""

from collections.abc import Iterator
from html import unescape

import pytest
from tests.office import deciding as tools
from tests.office.company import House, budget, claim, status, walk
from tests.office.deciding import Visit, buttons, form, send, told

from marketbook.expense.claim_screen import OpenClaim
from marketbook.kit.forms.screen import Panel


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(house, monkeypatch) as come:
        yield come


def opened(house: House, visit: Visit, number: int) -> Panel:
    panel = Panel()
    OpenClaim(visit(house.people.sales), panel, changed=lambda: None).show(number)
    assert form(panel, "expense/reimbursement") is not None
    return panel


def test_a_step_is_told_when_the_form_is_gone_after_it(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = claim(house, budget(house))
    panel = opened(house, visit, number)
    assert buttons(panel) == ["Withdraw"]
    send(panel, "office/decide", monkeypatch, pressed="")
    assert (status(house, number), form(panel, "expense/reimbursement")) == ("withdrawn", None)
    assert "is now withdrawn." in told(panel)


def test_a_step_that_came_too_late_is_told_when_the_form_is_gone(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = claim(house, budget(house))
    panel = opened(house, visit, number)
    walk(house, number, ("submitted", house.people.sales))
    send(panel, "office/decide", monkeypatch, pressed="")
    assert (status(house, number), form(panel, "expense/reimbursement")) == ("submitted", None)
    assert "was changed by sales since you opened it" in unescape(told(panel))
