"""What a decision needs to know of plans, activities, reports, recommendations, transfers and templates."""

from datetime import date

from tests.office import planning
from tests.office.company import House, budget, transfer, walk
from tests.office.planning import AWARENESS, YEAR
from tests.office.test_decision import TASK, accepted, proposed, review
from tests.office.test_report import HANDED_IN, written
from tests.office.test_scorecard import template

import marketbook.office.records
import marketbook.plan.records  # noqa: F401  # registers what is tested
from marketbook.kit.records import Record
from marketbook.office import briefs, budget_line, measurement
from marketbook.office.briefs import Brief
from marketbook.office.params import MeasurementEntry


def brief(house: House, number: int) -> Brief:
    with house.store.reading() as session:
        return briefs.of(session, session.get_one(Record, number))


def test_a_transfer_shows_both_lines_before_and_after(house: House) -> None:
    source, goal = budget(house, 500_000), budget(house, 100_000)
    number = transfer(house, 200_000, source, goal)
    expected = [
        ("CN¥5,000.00", "−CN¥2,000.00", "CN¥3,000.00", "CN¥3,000.00"),
        ("CN¥1,000.00", "+CN¥2,000.00", "CN¥3,000.00", "CN¥3,000.00"),
    ]
    assert [tuple(row[1:]) for row in brief(house, number).tables[0].rows] == expected
    walk(house, number, ("approved", house.people.director))
    assert [tuple(row[1:]) for row in brief(house, number).tables[0].rows] == expected


def test_a_transfer_of_more_than_is_left_warns(house: House) -> None:
    line = budget(house, 100_000)
    first, second = (transfer(house, 60_000, line, None) for _each in range(2))
    walk(house, first, ("approved", house.people.director))
    assert "has not so much left" in brief(house, second).warnings[0]


def test_a_plan_shows_objectives_work_and_money(house: House) -> None:
    with house.store.writing() as session:
        made = planning.of_year(session, actor=house.people.manager)
        about = {"category": "advertising", "month": f"{YEAR}-06", "item": "信息流", "original": 1_000}
        budget_line.add(session, made, **about, actor=house.people.manager, version=made.version)  # type: ignore[arg-type]
        figure = {"metric": AWARENESS, "basis": "actual", "period": str(YEAR), "value": 0.3, "subject_id": made.id}
        measurement.record(session, MeasurementEntry.model_validate(figure), actor=house.people.manager)
    found = {table.title: table.rows for table in brief(house, made.id).tables}
    assert found["Objectives"] == [["知名度提高五个百分点", "品牌知名度", str(YEAR), "35.0%", "30.0%"]]
    assert found["Budget by category"][-1] == ["Sum", "CN¥10.00", "CN¥10.00", "CN¥0.00"]
    assert len(found["Component plans"]) == 4
    assert found["Activities"][0][1] == "manager"
    assert ("No money for Staff pay", "本年不安排") in brief(house, made.id).rows


def test_a_recommendation_shows_what_it_expects_starts_and_did(house: House) -> None:
    line = budget(house)
    number = accepted(house, activity=TASK, transfer={"amount": 5_000, "to_line": line})
    review(0.07)(house, number)
    rows = dict(brief(house, number).rows)
    assert rows["Expected effect"] == "品牌知名度: 4.0% (2.0% to 6.0%, 90% of such intervals hold)"
    assert rows["Measured effect"] == "7.0% (outside the interval)"
    assert rows["Starts the activity"].startswith("AC-")
    assert rows["Starts the transfer"].startswith("BT-")


def test_an_open_recommendation_shows_what_it_would_start(house: House) -> None:
    number = proposed(house, activity=TASK, transfer={"amount": 5_000, "to_line": budget(house)})
    rows = dict(brief(house, number).rows)
    assert rows["Starts the activity"] == f"调整投放, sales, by 30 Jun {YEAR}"
    assert rows["Starts the transfer"].startswith("CN¥50.00 from none to")


def test_a_report_and_a_template_show_their_parts(house: House) -> None:
    rows = dict(brief(house, written(house, HANDED_IN)).rows)
    assert (rows["Kind"], rows["Findings"]) == ("Market research", "知名度上升")
    table = brief(house, template(house)).tables[0]
    assert [row[3] for row in table.rows] == ["60.00%", "25.00%", "15.00%"]


def test_an_activity_shows_what_is_asked_of_it(house: House) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        number = planning.work(session, made.id, actor=house.people.sales, due_on=date(YEAR, 4, 1)).id
    rows = dict(brief(house, number).rows)
    assert (rows["When"], rows["Planned quantity"]) == (f"1 Mar {YEAR} to 1 Apr {YEAR}", "3 场")
    assert "Outcome" not in rows
