"""Fifty claims at once for the last money of ten: exactly ten are handed in, and the figures are right to the fen."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from tests.office.company import House, budget, claim, figures, step, submitted

from marketbook.expense.tables import ExpenseClaim, ExpenseLine
from marketbook.kit.errors import RecordError
from marketbook.kit.store import Store, audit

CLAIMS, AFFORDABLE, AMOUNT, SPENT = 50, 10, 33_333, 77_777
REST = 33_332
"""What is left in the end: a fen less than one more claim."""


def hand_in(url: str, number: int, actor: int) -> str:
    store = Store(url)
    try:
        with store.writing() as session:
            step(session, session.get_one(ExpenseClaim, number), "submitted", actor)
    except RecordError as error:
        return str(error)
    finally:
        store.close()
    return "in"


def test_of_fifty_claims_at_once_exactly_the_affordable_ones_pass(house: House) -> None:
    line = budget(house, SPENT + AFFORDABLE * AMOUNT + REST)
    submitted(house, line, SPENT)
    with house.store.writing() as session:
        numbers = [claim(house, line, AMOUNT, session=session) for _each in range(CLAIMS)]
    url, sales = house.store.url.render_as_string(hide_password=False), house.people.sales
    with ThreadPoolExecutor(CLAIMS) as threads:
        answers = list(threads.map(lambda number: hand_in(url, number, sales), numbers))
    assert answers.count("in") == AFFORDABLE
    assert all("333.32" in answer and "333.33" in answer for answer in answers if answer != "in")
    assert figures(house, line) == (SPENT + AFFORDABLE * AMOUNT + REST, SPENT + AFFORDABLE * AMOUNT, 0)
    with house.store.reading() as session:
        query = select(func.sum(ExpenseLine.amount)).join(ExpenseClaim, ExpenseClaim.id == ExpenseLine.claim_id)
        live = query.where(ExpenseLine.budget_line_id == line, ExpenseClaim.status == "submitted")
        assert session.scalar(live) == SPENT + AFFORDABLE * AMOUNT
        assert audit.verify(session)
