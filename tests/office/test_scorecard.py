"""Templates of scorecards: in force with weights of exactly 100 % and every dimension, and then frozen."""

from typing import Any

import pytest
from tests.office import planning
from tests.office.company import House, status, step, walk
from tests.office.traces import Move, check_refused, raw, to

from marketbook.office import scorecard
from marketbook.office.params import TemplateEntry
from marketbook.office.scorecard import ScorecardTemplate

Weights = tuple[tuple[str, int], ...]
USUAL: Weights = (("performance", 6_000), ("ability", 2_500), ("attitude", 1_500))
SHORT: Weights = (("performance", 6_000), ("ability", 2_500), ("attitude", 1_499))
MORE: Weights = (*USUAL, ("attitude", 1))
TWO: Weights = (("performance", 7_500), ("ability", 2_500))
OTHER: Weights = (("performance", 6_000), ("ability", 2_000), ("attitude", 1_500), ("compliance", 500))
PARTNER: Weights = (("cooperation", 4_000), ("compliance", 6_000))

STEP = (
    "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, round, "
    "at) VALUES ({n}, {v}, '{before}', '{to}', {actor}, '{role}', '{role}', '', 1, '2026-01-01 00:00:00')"
)


def entry(weights: Weights = USUAL, **about: Any) -> TemplateEntry:
    criteria = [
        {"dimension": dimension, "name": f"{dimension} {n}", "standard": "达到目标", "weight_bp": weight}
        for n, (dimension, weight) in enumerate(weights)
    ]
    return TemplateEntry.model_validate({"title": "季度考核", "kind": "employee", "criteria": criteria, **about})


def template(house: House, weights: Weights = USUAL, *steps: tuple[str, str], **about: Any) -> int:
    with house.store.writing() as session:
        made = scorecard.enter(session, entry(weights, **about), actor=house.people.manager)
        for one, who in steps:
            step(session, made, one, vars(house.people)[who], "因为")
        return made.id


IN_FORCE = (("submitted", "manager"), ("in_force", "director"))


def test_it_comes_into_force_and_is_retired(house: House) -> None:
    number = template(house, USUAL, *IN_FORCE)
    walk(house, number, ("retired", house.people.director))
    assert status(house, number) == "retired"


def test_partners_are_judged_by_what_the_company_likes(house: House) -> None:
    assert status(house, template(house, PARTNER, *IN_FORCE, kind="partner")) == "in_force"


def test_a_draft_is_written_anew_with_a_metric(house: House) -> None:
    number = template(house, SHORT)
    with house.store.writing() as session:
        metric = planning.awareness(session, actor=house.people.manager)
        found = session.get_one(ScorecardTemplate, number)
        better = entry()
        better.criteria[0].metric = metric.code
        scorecard.correct(session, found, better, actor=house.people.manager, version=1)
        own = scorecard.criteria(session, template_id=number)
        assert [(one.weight_bp, one.metric_id) for one in own] == [(6_000, metric.id), (2_500, None), (1_500, None)]


WRONG: dict[str, tuple[Weights, Move, str]] = {
    "99.99 %": (SHORT, to("submitted", "manager"), r"add up to 99\.99 %; they must be exactly 100 %"),
    "100.01 %": (MORE, to("submitted", "manager"), r"add up to 100\.01 %"),
    "no criteria": ((), to("submitted", "manager"), r"add up to 0\.00 %"),
    "two dimensions": (TWO, to("submitted", "manager"), "all three dimensions; here is none of Attitude"),
    "a fourth dimension": (OTHER, to("submitted", "manager"), "Employees are not judged by Compliance"),
    "into force from a draft": (USUAL, to("in_force", "director"), "draft and cannot become in force"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_template_that_is_not_whole_is_refused(house: House, name: str) -> None:
    weights, move, match = WRONG[name]
    check_refused(house, template(house, weights), move, match)


@pytest.mark.parametrize(
    ("who", "match"), [("manager", "answers for this record"), ("finance", "is for Marketing dir")]
)
def test_only_the_director_brings_it_into_force(house: House, who: str, match: str) -> None:
    check_refused(house, template(house, USUAL, IN_FORCE[0]), to("in_force", who), match)


FROZEN = {
    "a weight": "UPDATE criterion SET weight_bp = 1 WHERE template_id = {n}",
    "a criterion away": "DELETE FROM criterion WHERE template_id = {n}",
    "a criterion more": (
        "INSERT INTO criterion (template_id, dimension, name, standard, weight_bp) VALUES ({n}, 'ability', 'x', 'x', 1)"
    ),
    "another kind": "UPDATE scorecard_template SET kind = 'partner' WHERE id = {n}",
}


@pytest.mark.parametrize("name", FROZEN)
def test_in_force_it_is_frozen(house: House, name: str) -> None:
    check_refused(house, template(house, USUAL, *IN_FORCE), raw(FROZEN[name]), "handed in is not edited")


def test_in_force_it_is_not_corrected(house: House) -> None:
    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            found = session.get_one(ScorecardTemplate, number)
            scorecard.correct(session, found, entry(), actor=house.people.manager, version=found.version)

    check_refused(house, template(house, USUAL, *IN_FORCE), move, "only before it is handed in")


@pytest.mark.parametrize("weights", [SHORT, MORE, TWO, OTHER])
def test_the_database_itself_lets_no_other_into_force(house: House, weights: Weights) -> None:
    number, people = template(house, weights), house.people
    signed(people.manager, v=1, before="draft", to="submitted", role="owner")(house, number)
    move = signed(people.director, v=2, before="submitted", to="in_force", role="director")
    check_refused(house, number, move, "weights add up to exactly 10000")


def signed(actor: int, **about: Any) -> Move:
    """Return the move of writing a step to the database itself."""

    def move(house: House, number: int) -> None:
        with house.store.writing(actor=actor) as session:
            session.connection().exec_driver_sql(STEP.format(n=number, actor=actor, **about))

    return move


def test_a_lost_race_leaves_the_criteria_alone(house: House) -> None:
    def move(house: House, number: int, title: str = "年中考核", weights: Weights = SHORT) -> None:
        with house.store.writing() as session:
            found = session.get_one(ScorecardTemplate, number)
            scorecard.correct(session, found, entry(weights, title=title), actor=house.people.manager, version=1)

    number = template(house)
    move(house, number, "年度考核", USUAL)
    check_refused(house, number, move, "title: 季度考核 → 年度考核")
    with house.store.reading() as session:
        assert sum(one.weight_bp for one in scorecard.criteria(session, template_id=number)) == 10_000
