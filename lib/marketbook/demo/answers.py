"""Answers to the brand survey, drawn from what each respondent knows and thinks; one function per kind of question."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marketbook.demo.comments import (
    COMPLAINT_CLOSES,
    ENGLISH_CLOSES,
    ENGLISH_OPENINGS,
    OPENINGS,
    PRAISE_CLOSES,
    THEMES,
    WORDLESS,
    WORDLESS_ENGLISH,
    WORDLESS_SHARE,
)
from marketbook.demo.company import Flags, IntArray
from marketbook.demo.draws import pick, rounded, whole
from marketbook.demo.questionnaire import BENEFITS, IMAGE_CODES, PRICE_CODES
from marketbook.demo.survey import INTENTION_CUTS, SCORE_CUTS, WAVES, Sample, respondent_ids

PLACE_CHANCES = (230, 310, 520, 400, 350, 330, 280)
REASON_CHANCES = (560, 470, 330, 290, 250, 180, 300)
USE_WEIGHTS = (26, 22, 12, 24, 9, 6)
NO_BRAND_WEIGHT = 18
IMAGE_MEANS = (0.55, 0.10, 0.45, 0.20, -0.05, 0.40, 0.0)
IMAGE_LOADS = (0.55, 0.40, 0.35, 0.45, 0.20, 0.50, 0.30)
IMAGE_CUTS = (-1.7, -0.8, 0.2, 1.2)
UTILITIES = (0.90, 0.55, 0.70, 0.10, -0.20, -0.55, -0.95, -0.55)
TASKS = 7
FAIR_PRICE = 329.0
PRICE_STEPS = (0.48, 0.74, 1.18, 1.52)
INCONSISTENT = 0.02
COMMENTING = 55
ENGLISH = 12


@dataclass
class Answers:
    """Answers of one wave, gathered question by question as columns."""

    wave: int
    people: Sample
    parts: list[pa.Table] = field(default_factory=list)

    def add(
        self,
        who: IntArray,
        question: str | pa.Array,
        *,
        option: npt.NDArray[np.str_] | None = None,
        number: npt.NDArray[np.generic] | None = None,
        words: list[str] | None = None,
    ) -> None:
        """Add one answer for each entry of `who`, an index of a respondent."""
        n = len(who)
        self.parts.append(
            pa.table(
                {
                    "wave": pa.repeat(WAVES[self.wave], n),
                    "respondent_id": pa.array(respondent_ids(self.wave, len(self.people))).take(pa.array(who)),
                    "question": pa.repeat(question, n) if isinstance(question, str) else question,
                    "option": pa.repeat("", n) if option is None else pa.array(option),
                    "number": pa.nulls(n, pa.float64()) if number is None else pa.array(number.astype(np.float64)),
                    "words": pa.nulls(n, pa.string()) if words is None else pa.array(words, pa.string()),
                }
            )
        )

    def chosen(self, question: str, flags: Flags, who: IntArray | None = None) -> None:
        """Add a multiple response: a row for each True, respondents by options."""
        row, column = np.nonzero(flags)
        self.add(row if who is None else who[row], question, option=(column + 1).astype(str))


def answer(rng: np.random.Generator, people: Sample, wave: int) -> pa.Table:
    """Draw one wave of `survey_answers`."""
    answers = Answers(wave, people)
    aware = np.flatnonzero(people.knows[:, 0])
    _known_and_used(rng, answers)
    _bought(rng, answers)
    _intended(rng, answers, aware)
    _rated(rng, answers, aware)
    _spent(rng, answers)
    _commented(rng, answers, aware)
    _traded(rng, answers)
    _priced(rng, answers)
    return pa.concat_tables(answers.parts)


def _known_and_used(rng: np.random.Generator, answers: Answers) -> None:
    people = answers.people
    none = ~people.knows.any(axis=1, keepdims=True)
    answers.chosen("Q1", np.column_stack([people.knows, none]))
    weights = np.column_stack([people.knows * np.array(USE_WEIGHTS), np.full(len(people), NO_BRAND_WEIGHT)])
    weights[:, 0] *= np.where(people.liking > 0, 3, 1)
    upto = np.cumsum(weights, axis=1)
    drawn = rng.integers(0, upto[:, -1])
    brand = (drawn[:, None] >= upto).sum(axis=1)
    answers.add(np.arange(len(people)), "Q2", option=(brand + 1).astype(str))


def _bought(rng: np.random.Generator, answers: Answers) -> None:
    people = answers.people
    young = np.where(people.age <= 1, 60, -40)[:, None] * np.array([1, 1, 0, 0, 2, 0, -1])
    small = np.where(people.tier == 3, 100, -40)[:, None] * np.array([0, 0, 0, -1, 0, 2, 1])
    bought = rng.integers(0, 1000, (len(people), len(PLACE_CHANCES))) < np.array(PLACE_CHANCES) + young + small
    answers.chosen("Q3", np.column_stack([bought, ~bought.any(axis=1, keepdims=True)]))
    reasons = rng.integers(0, 1000, (len(people), len(REASON_CHANCES))) < np.array(REASON_CHANCES)
    reasons[~reasons.any(axis=1), 0] = True
    answers.chosen("Q4", reasons)


def _intended(rng: np.random.Generator, answers: Answers, aware: IntArray) -> None:
    will = answers.people.liking[aware] + rounded(rng.normal(0, 1, len(aware)), 6)
    option = 1 + (will[:, None] < np.array(INTENTION_CUTS)).sum(axis=1)
    answers.add(aware, "Q5", option=option.astype(str))


def _rated(rng: np.random.Generator, answers: Answers, aware: IntArray) -> None:
    people = answers.people
    felt = people.liking[aware, None] * np.array(IMAGE_LOADS) + np.array(IMAGE_MEANS)
    felt = felt + rounded(rng.normal(0, 0.9, felt.shape), 6)
    scale = 1 + (felt[:, :, None] > np.array(IMAGE_CUTS)).sum(axis=2)
    scale = np.where(people.speeding[aware, None], rng.integers(1, 6, scale.shape), scale)
    same = np.array([3, 4, 5])[pick(rng, (40, 40, 20), len(aware))]
    scale = np.where(people.straight[aware, None], same[:, None], scale)
    for i, code in enumerate(IMAGE_CODES):
        answers.add(aware, code, number=scale[:, i])
    score = (people.liking[aware, None] > np.array(SCORE_CUTS)).sum(axis=1)
    answers.add(aware, "Q7", number=score)


def _spent(rng: np.random.Generator, answers: Answers) -> None:
    people = answers.people
    level = np.array([5.1, 5.6, 5.9, 5.8, 5.5])[people.age] + np.array([0.4, 0.25, 0.1, -0.1])[people.tier]
    spent = whole(rounded(np.exp(level + rng.normal(0, 0.6, len(people))) / 10, 5)) * 10
    answers.add(np.arange(len(people)), "Q8", number=np.clip(spent, 0, 20_000))


def _commented(rng: np.random.Generator, answers: Answers, aware: IntArray) -> None:
    who = aware[rng.integers(0, 100, len(aware)) < COMMENTING]
    n = len(who)
    theme = pick(rng, [*(t.share for t in THEMES), WORDLESS_SHARE], n)
    happy = answers.people.liking[who] + rounded(rng.logistic(0, 0.5, n), 6) > 0
    english = rng.integers(0, 100, n) < ENGLISH
    parts = rng.integers(0, 5_040, (n, 3))
    drawn = zip(theme, happy, english, parts.tolist(), strict=True)
    answers.add(who, "Q9", words=[_comment(t, happy=h, english=e, parts=p) for t, h, e, p in drawn])


def _comment(theme: int, *, happy: bool, english: bool, parts: list[int]) -> str:
    """Put a comment together; a number in `parts` chooses from a tuple by its remainder."""
    if theme == len(THEMES):
        words = (WORDLESS_ENGLISH if english else WORDLESS)[0 if happy else 1]
        return words[parts[0] % len(words)]
    said = THEMES[theme]
    choices: dict[tuple[bool, bool], tuple[tuple[str, ...], ...]] = {
        (False, True): (OPENINGS, said.praise, PRAISE_CLOSES),
        (False, False): (OPENINGS, said.complaint, COMPLAINT_CLOSES),
        (True, True): (ENGLISH_OPENINGS, said.praise_english, ENGLISH_CLOSES),
        (True, False): (ENGLISH_OPENINGS, said.complaint_english, ENGLISH_CLOSES),
    }
    chosen = choices[bool(english), bool(happy)]
    return "".join(choice[part % len(choice)] for choice, part in zip(chosen, parts, strict=True))


def _traded(rng: np.random.Generator, answers: Answers) -> None:
    n, items = len(answers.people), len(BENEFITS)
    shown = _tasks(rng, n)
    own = np.array(UTILITIES) + rounded(rng.normal(0, 0.7, (n, items)), 6)
    value = own[np.arange(n)[:, None, None], shown] + rounded(rng.gumbel(0, 1, shown.shape), 6)
    best = value.argmax(axis=2)
    doubt = -own[np.arange(n)[:, None, None], shown] + rounded(rng.gumbel(0, 1, shown.shape), 6)
    np.put_along_axis(doubt, best[:, :, None], -np.inf, axis=2)
    choice = np.zeros(shown.shape)
    np.put_along_axis(choice, best[:, :, None], 1, axis=2)
    np.put_along_axis(choice, doubt.argmax(axis=2)[:, :, None], -1, axis=2)
    task = np.broadcast_to(np.arange(TASKS)[None, :, None], shown.shape).ravel()
    codes = pa.array([f"Q10.{t}" for t in range(1, TASKS + 1)])
    answers.add(
        np.repeat(np.arange(n), TASKS * 4),
        codes.take(pa.array(task)),
        option=(shown.ravel() + 1).astype(str),
        number=choice.ravel(),
    )


def _tasks(rng: np.random.Generator, n: int) -> IntArray:
    """Draw seven tasks of four for each respondent: planes of three bits and their complements, one of each pair."""
    items = len(BENEFITS)
    planes = np.array([[(i & v).bit_count() % 2 for i in range(items)] for v in range(1, items)])
    sides = np.array([[np.flatnonzero(plane == side) for side in (0, 1)] for plane in planes])
    side = rng.integers(0, 2, (n, TASKS))
    order = np.argsort(rng.random((n, TASKS, 4)), axis=2, kind="stable")
    shown: IntArray = np.take_along_axis(sides[np.arange(TASKS), side], order, axis=2)
    return shown


def _priced(rng: np.random.Generator, answers: Answers) -> None:
    n = len(answers.people)
    own = FAIR_PRICE * np.exp(rng.normal(0, 0.22, (n, 1))) * np.array(PRICE_STEPS) * np.exp(rng.normal(0, 0.08, (n, 4)))
    price = np.maximum(whole(rounded(own / 10, 5)) * 10 - 1, 19)
    price = np.maximum.accumulate(price, axis=1)
    mixed = rng.integers(0, 1000, n) < 1000 * INCONSISTENT
    price[mixed] = price[mixed][:, ::-1]
    for i, code in enumerate(PRICE_CODES):
        answers.add(np.arange(n), code, number=price[:, i])


def themes() -> dict[str, float]:
    """Return each theme's share of the open answers."""
    return {theme.name: theme.share / 100 for theme in THEMES}


def utilities() -> dict[str, float]:
    """Return the mean utility of each benefit."""
    return dict(zip(BENEFITS, UTILITIES, strict=True))
