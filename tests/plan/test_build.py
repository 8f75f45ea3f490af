"""The build of a year's plan: its sums are those reckoned by hand, and what it lacks is what handing it in says."""

from collections.abc import Iterator

import pandas as pd
import pytest
from tests.office import planning
from tests.office.company import House, paid, step
from tests.office.planning import AWARENESS, YEAR, ZERO

from marketbook.app import catalogue
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError, ParamsError, RecordError
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.facts.behind import behind
from marketbook.kit.language import speaking
from marketbook.kit.records import Record
from marketbook.office import budget_line, measurement
from marketbook.office.params import MeasurementEntry
from marketbook.plan import build, build_budget, build_plan
from marketbook.plan.build import YearBuild
from marketbook.plan.params import BuildYear
from marketbook.plan.tables import Plan

LAST, NEXT = YEAR, YEAR + 1
BEFORE = {("advertising", "信息流"): 1_000_000, ("promotion", "礼品"): 500_000, ("channel", "展会"): 200_000}
PLANNED = {("advertising", "信息流"): 1_200_000, ("promotion", "礼品"): 800_000, ("research", "访谈"): 100_000}


def fund(house: House, plan: int, amounts: dict[tuple[str, str], int], year: int) -> list[int]:
    with house.store.writing() as session:
        made = session.get_one(Plan, plan)
        return [
            budget_line.add(
                session, made, category=category, item=item, month=f"{year}-06", original=amount,
                actor=house.people.manager, version=made.version,
            ).id
            for (category, item), amount in amounts.items()
        ]  # fmt: skip


def entered(house: House, year: int, **about: object) -> int:
    with house.store.writing() as session:
        return planning.of_year(session, actor=house.people.manager, fiscal_year=year, **about).id  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def drafted(house: House) -> House:
    """A year with a plan in force, of which 400,000 are spent, and a draft of the next one that lacks three things."""
    people, last = house.people, entered(house, LAST)
    lines = fund(house, last, BEFORE, LAST)
    with house.store.writing() as session:
        made = session.get_one(Record, last)
        step(session, made, "submitted", people.manager)
        step(session, made, "approved", people.director)
        about = {"metric": AWARENESS, "basis": "actual", "period": str(LAST), "value": 0.3, "subject_id": last}
        measurement.record(session, MeasurementEntry.model_validate(about), actor=people.manager)
    paid(house, lines[0], 400_000)
    reasons = {"staff": ZERO["staff"]}
    why = "市场与资源均已评估；展会改由直播承接"
    draft = entered(house, NEXT, without="channel_expansion", unbudgeted=reasons, feasibility=why)
    fund(house, draft, PLANNED, NEXT)
    return house


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def built(drafted: House) -> YearBuild:
    return build.read_build(drafted.store)


def test_each_item_stands_beside_last_year_s(built: YearBuild) -> None:
    rows = build_budget.budget(built).rows.set_index("item")
    names = ["planned_minor", "before_minor", "spent_minor", "reason"]
    assert rows.loc["信息流", names].tolist() == [1_200_000, 1_000_000, 400_000, ""]
    assert rows.loc["礼品", names].tolist() == [800_000, 500_000, 0, "asked"]
    assert rows.loc["展会", names].tolist() == [0, 200_000, 0, "given"]
    assert rows.loc["访谈", names].tolist() == [100_000, 0, 0, "asked"]
    assert rows.loc["", names].tolist() == [2_100_000, 1_700_000, 400_000, ""]
    assert rows["change_share"].tolist()[-1] == pytest.approx(4 / 17)


def test_it_says_how_much_changes(built: YearBuild) -> None:
    assert build_budget.budget(built).text == (
        f"CN¥21K is planned for {NEXT}, +23.5% against the CN¥17K of {LAST}, of which CN¥4,000 was spent. "
        "Items that change by more than 20% without a reason: 2."
    )


def test_the_five_categories_are_there_or_explicitly_zero(built: YearBuild) -> None:
    found = build_budget.categories(built)
    assert found.rows.set_index("category")["state"].to_dict() == {
        "research": "present", "advertising": "present", "promotion": "present", "channel": "missing", "staff": "zero",
    }  # fmt: skip
    assert found.text == "Neither money nor a reason why not: Channel building."
    assert found.table["why"].tolist()[-1] == ZERO["staff"]


def test_objectives_stand_beside_what_last_year_s_reached(built: YearBuild) -> None:
    found = build_plan.objectives(built)
    assert found.numbers() == {"count_objectives": 1, "count_without": 0}
    figures = ["target", "target_before", "actual_before"]
    assert found.table[figures].to_numpy().tolist() == [["35.00%", "35.00%", "30.00%"]]


def test_what_keeps_it_from_being_handed_in_is_what_handing_it_in_says(drafted: House, built: YearBuild) -> None:
    found = build_plan.gaps(built)
    assert found.numbers() == {"count_gaps": 2, "count_parts": 3}
    assert found.text.endswith("what is missing: 2. Component plans missing: Channel expansion.")
    with drafted.store.writing() as session:
        plan = session.query(Plan).filter_by(number=built.plan).one()
        with pytest.raises(RecordError) as refused:
            step(session, plan, "submitted", drafted.people.manager)
    assert [gap for gap in found.table["gap"] if gap not in str(refused.value)] == []


def test_a_plan_that_was_handed_in_lacks_nothing(drafted: House) -> None:
    found = build.read_build(drafted.store, year=LAST)
    assert build_plan.gaps(found).text.endswith("is approved: it was handed in.")
    assert build_budget.budget(found).text.endswith(f"there is no budget of {LAST - 1} to stand beside it.")
    assert build_budget.budget(found).numbers()["count_asked"] == 0


def test_each_sum_opens_its_lines(drafted: House, built: YearBuild) -> None:
    declared = catalogue.with_views()

    def opened(rows: Rows, name: str) -> int:
        again = Rows.decode(rows.encode(), declared)
        return behind(Facts(settings().facts), declared, again, store=drafted.store).sums[name]

    found = build_budget.budget(built)
    shown = found.behind()
    assert [opened(one, "original_minor") for one in shown.table] == found.rows["planned_minor"].tolist()
    for name, column in (("before_minor", "original_minor"), ("spent_minor", "spent_minor")):
        assert [opened(one, column) for one in shown.cells[name]] == found.rows[name].tolist()


def test_a_plan_without_anything_is_no_error(built: YearBuild) -> None:
    none = YearBuild("PL-1", "空", NEXT, "draft", (), built.lines[:0], {}, built.objectives[:0], (), ())
    assert build_budget.budget(none).chart() is None
    assert pd.isna(build_budget.budget(none).numbers()["change_share"])
    assert build_budget.categories(none).numbers() == {"count_missing": 5}
    assert build_plan.objectives(none).text == "The plan has no objective."


def test_a_year_without_a_plan_is_said(drafted: House) -> None:
    with pytest.raises(DataError, match=f"no marketing plan of the year 2000; years that have one: {LAST}, {NEXT}"):
        build.read_build(drafted.store, year=2000)


@pytest.mark.parametrize(("given", "said"), [({"year": 26}, "year: found 26"), ({"plan": "x"}, "plan: unknown")])
def test_wrong_parameters_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        BuildYear.check(given)


@pytest.mark.parametrize(("language", "said"), [("zh_Hans", "上年预算"), ("zh_Hant", "上年預算")])
def test_it_speaks_chinese(built: YearBuild, language: str, said: str) -> None:
    with speaking(language):
        assert said in build_budget.budget(built).text
