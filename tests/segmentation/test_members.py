"""Groups of customers are found again from the words in an address: the same ones, on the same data."""

from datetime import date

import pytest

from marketbook import demo
from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Facts
from marketbook.segmentation import members
from marketbook.segmentation.cluster import SegmentsResult, form_segments
from marketbook.segmentation.data import CUSTOMERS, profiles
from marketbook.segmentation.members import FORMER, LEFT, RISEN, Window, centres_as_word, top_count
from marketbook.segmentation.movement import follow_champions
from marketbook.segmentation.rfm import rfm
from marketbook.segmentation.stability import assess_stability
from marketbook.segmentation.traits import standardise, traits

NOW = Window(date(2025, 12, 31), 12)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    facts = Facts(tmp_path_factory.mktemp("facts"))
    demo.make(facts, size=0.05)
    return facts


@pytest.fixture(scope="module")
def segments(facts: Facts) -> SegmentsResult:
    people = profiles(facts, as_of=NOW.as_of, months=NOW.months)
    values = standardise(traits(people))
    return form_segments(people, values, assess_stability(values, numbers=(4,), resamples=5, seed=1), seed=1)


def found(facts: Facts, name: str, words: str) -> list[str]:
    return sorted(CUSTOMERS.marks[name].find(facts, words)["customer_id"].to_pylist())


def test_who_bought_is_who_has_a_profile(facts: Facts, segments: SegmentsResult) -> None:
    assert found(facts, "bought", NOW.words()) == sorted(segments.customers.customer_id)


def test_every_segment_is_found_again(facts: Facts, segments: SegmentsResult) -> None:
    word = centres_as_word(segments.centres.to_numpy(float))
    for place, name in enumerate(segments.centres.index):
        wanted = segments.customers.customer_id[segments.customers.segment == name]
        assert found(facts, "segment", NOW.words(place, word, name)) == sorted(wanted)


def test_every_rfm_segment_is_found_again(facts: Facts, segments: SegmentsResult) -> None:
    customers = rfm(segments.customers).customers
    for name, wanted in customers.groupby("segment").customer_id:
        assert found(facts, "rfm", NOW.words(5, name)) == sorted(wanted)


def test_the_champions_of_the_year_before_are_followed_again(facts: Facts) -> None:
    then = Window(date(2024, 12, 31), 12)
    result = follow_champions(*(profiles(facts, as_of=w.as_of, months=w.months) for w in (then, NOW)))
    counts = {state: len(found(facts, "champions", NOW.words(then.as_of, 5, state))) for state in result.states.state}
    assert counts == dict(zip(result.states.state, result.states.n, strict=True))
    sizes = [len(found(facts, "champions", NOW.words(then.as_of, 5, group))) for group in (FORMER, LEFT, RISEN)]
    assert sizes == [result.n, round(result.share_slipping * result.n), result.n_risen]


def test_the_best_customers_bring_most(facts: Facts, segments: SegmentsResult) -> None:
    best = found(facts, "best", NOW.words(0.2))
    revenue = segments.customers.set_index("customer_id").revenue_minor
    assert len(best) == top_count(len(revenue), 0.2)
    assert revenue[best].min() >= revenue.drop(best).max()


@pytest.mark.parametrize(("customers", "share", "count"), [(100, 0.2, 20), (101, 0.2, 21), (3, 0.01, 1), (10, 0.3, 3)])
def test_the_best_are_rounded_up(customers: int, share: float, count: int) -> None:
    assert top_count(customers, share) == count


def test_a_group_is_told_in_plain_words() -> None:
    assert CUSTOMERS.marks["rfm"].said(NOW.words(5, "Champions")) == "“Champions”, 12 months to 31 Dec 2025"
    assert CUSTOMERS.marks["bought"].said(NOW.words()) == "12 months to 31 Dec 2025"
    assert CUSTOMERS.marks["best"].said(NOW.words(0.2)) == "20.0%, 12 months to 31 Dec 2025"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bought", ""),
        ("bought", "2025-12-31~twelve"),
        ("bought", "yesterday~12"),
        ("bought", "2025-12-31~12~more"),
        ("rfm", "2025-12-31~12~Champions"),
        ("rfm", "2025-12-31~12~x~Champions"),
        ("segment", "2025-12-31~12~0~AAA~Core"),
        ("segment", "2025-12-31~12~0~AAAA~Core"),
        ("champions", "2025-12-31~12~then~5~Gone"),
        ("best", "2025-12-31~12~most"),
    ],
)
def test_words_that_name_no_group_are_refused(facts: Facts, name: str, words: str) -> None:
    with pytest.raises(ParamsError, match="names no group of customers"):
        members.MARKS[name].find(facts, words)
