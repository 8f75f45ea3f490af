"""Members: groups of customers that no column tells, written in a few words and found again from them.

The words are separated by `~`: the last day and the months looked at, then what tells the group. The same data gives
the same customers.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Facts, Mark
from marketbook.kit.language import format_date, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name

FORMER, LEFT, RISEN = mark("Former champions"), mark("Former champions who leave"), mark("New champions")


@dataclass(frozen=True)
class Window:
    """The months up to a day, in which customers are looked at."""

    as_of: date
    months: int

    def words(self, *more: object) -> str:
        """Write the window and what tells the group."""
        return "~".join(str(word) for word in (self.as_of, self.months, *more))

    @property
    def said(self) -> str:
        """The window in a sentence."""
        return _("{months} months to {day}").format(months=self.months, day=format_date(self.as_of))


def centres_as_word(centres: NDArray[np.float64]) -> str:
    """Write the segments' centres to the last digit, as one word."""
    return urlsafe_b64encode(np.asarray(centres, dtype="<f8").tobytes()).decode()


def top_count(customers: int, share: float) -> int:
    """Return how many customers the best are, of so many."""
    return int(np.ceil(share * customers - 1e-9))


def _bought(facts: Facts, words: str) -> pa.Table:
    window, _rest = _read(words, 0)
    return _keys(_profiles(facts, window).customer_id)


def _segment(facts: Facts, words: str) -> pa.Table:
    from marketbook.segmentation.stability import nearest  # the methods are slow to import
    from marketbook.segmentation.traits import standardise, traits

    window, (place, centres, _name) = _read(words, 3)
    profiles = _profiles(facts, window)
    group = nearest(standardise(traits(profiles)).to_numpy(float), _centres(centres))
    return _keys(profiles.customer_id[group == _number(place, words)])


def _rfm(facts: Facts, words: str) -> pa.Table:
    from marketbook.segmentation.rfm import score_customers

    window, (groups, name) = _read(words, 2)
    scored = score_customers(_profiles(facts, window), _number(groups, words))
    return _keys(scored.customer_id[scored.segment == name])


def _champions(facts: Facts, words: str) -> pa.Table:
    from marketbook.segmentation.movement import LEAVING, follow

    window, (earlier, groups, state) = _read(words, 3)
    before = _profiles(facts, Window(_day(earlier, words), window.months))
    former, risen = follow(before, _profiles(facts, window), _number(groups, words))
    if state == RISEN:
        return _keys(risen.index)
    wanted = {FORMER: set(former.state), LEFT: set(LEAVING)}.get(state, {state})
    return _keys(former.index[former.state.isin(wanted)])


def _best(facts: Facts, words: str) -> pa.Table:
    window, (share,) = _read(words, 1)
    profiles = _profiles(facts, window).sort_values("revenue_minor", ascending=False, kind="stable")
    return _keys(profiles.customer_id.head(top_count(len(profiles), _share(share, words))))


def _said_window(words: str) -> str:
    return _split(words)[0].said


def _said_name(words: str) -> str:
    window, rest = _split(words)
    return _("“{name}”, {window}").format(name=_(rest[-1]) if rest else "", window=window.said)


def _said_share(words: str) -> str:
    window, rest = _split(words)
    return _("{share}, {window}").format(share=by_name("share", _share(rest[-1], words)), window=window.said)


def _read(words: str, count: int) -> tuple[Window, list[str]]:
    window, rest = _split(words)
    if len(rest) != count:
        raise _unknown(words)
    return window, rest


def _split(words: str) -> tuple[Window, list[str]]:
    as_of, _tilde, rest = words.partition("~")
    months, *more = rest.split("~")
    return Window(_day(as_of, words), _number(months, words)), more


def _day(text: str, words: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unknown(words) from None


def _number(text: str, words: str) -> int:
    if not text.isdecimal():
        raise _unknown(words)
    return int(text)


def _share(text: str, words: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _unknown(words) from None


def _centres(word: str) -> NDArray[np.float64]:
    from marketbook.segmentation.traits import TRAITS

    try:
        return np.frombuffer(urlsafe_b64decode(word), dtype="<f8").reshape(-1, len(TRAITS))
    except (binascii.Error, ValueError):
        raise _unknown(word) from None


def _unknown(words: str) -> ParamsError:
    return ParamsError(_("'{words}' names no group of customers.").format(words=words))


def _keys(customers: pd.Series | pd.Index) -> pa.Table:
    return pa.table({"customer_id": pa.array(customers, pa.string())})


def _profiles(facts: Facts, window: Window) -> pd.DataFrame:
    seen = (facts.fingerprint("transactions"), facts.fingerprint("customers"))
    return _profiles_of(facts.path, window, seen)


@lru_cache(maxsize=4)
def _profiles_of(path: Path, window: Window, _seen: tuple[str, str]) -> pd.DataFrame:
    from marketbook.segmentation.data import profiles  # which declares customers with these marks

    return profiles(Facts(path), as_of=window.as_of, months=window.months)


MARKS: Mapping[str, Mark] = {
    "bought": Mark(mark("Customers who bought"), _bought, _said_window),
    "segment": Mark(mark("Segment"), _segment, _said_name),
    "rfm": Mark(mark("RFM segment"), _rfm, _said_name),
    "champions": Mark(mark("Champions of the year before"), _champions, _said_name),
    "best": Mark(mark("Best customers"), _best, _said_share),
}
