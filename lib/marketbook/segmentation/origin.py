"""Origin: which customers and order lines stand behind the figures of a segmentation report."""

from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

from marketbook.kit.facts import Rows
from marketbook.kit.report import Behind
from marketbook.segmentation.buying import BuyingResult
from marketbook.segmentation.cluster import SegmentsResult
from marketbook.segmentation.concentration import ConcentrationResult
from marketbook.segmentation.data import first_day
from marketbook.segmentation.members import FORMER, LEFT, RISEN, Window, centres_as_word
from marketbook.segmentation.movement import MovementResult
from marketbook.segmentation.params import SegmentMarket
from marketbook.segmentation.reach import ReachResult
from marketbook.segmentation.rfm import RfmResult
from marketbook.segmentation.stability import StabilityResult

_REVENUE = ("share_revenue", "share_revenue_low", "share_revenue_high", "revenue_minor", "revenue_per_customer_minor")
_PURCHASES = ("purchases_per_customer", "order_value_minor", "n_days_since", "categories", "share_sale_season")


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a report's figures come from.

    A count of customers stands on the customers, revenue on their order lines in the months looked at, refunds
    included, and what tells how they buy on the lines that are no refunds.

    Attributes:
        params: What the report was asked.
        segments: The segments that customers were assigned to.
    """

    params: SegmentMarket
    segments: SegmentsResult = field(repr=False)

    @singledispatchmethod
    def behind(self, result: Any) -> Behind:  # noqa: ANN401  # one method for each kind of result
        """Return the rows behind a result's figures."""
        raise NotImplementedError(type(result).__name__)

    @behind.register
    def _segments(self, result: SegmentsResult) -> Behind:
        segments = [self._segment(name) for name in result.segments.segment]
        lines = [_lines(self._window, segment) for segment in segments]
        return Behind(
            whole=_lines(self._window, self._bought),
            numbers={"share_revenue": lines[0], "share_customers": segments[0], "n": segments[0]},
            table=segments,
            cells=dict.fromkeys(_REVENUE, lines),
        )

    @behind.register
    def _buying(self, result: BuyingResult) -> Behind:
        segments = [self._segment(name) for name in result.segments.segment]
        lines = [_lines(self._window, segment) for segment in segments]
        bought = [_purchases(rows) for rows in lines]
        top = _lines(self._window, self._segment(str(result.dearest.segment)))
        return Behind(
            whole=_lines(self._window, self._bought),
            numbers={"revenue_per_customer_minor": top, "purchases_per_customer": _purchases(top)},
            table=lines,
            cells=dict.fromkeys(_PURCHASES, bought),
        )

    @behind.register
    def _stability(self, _result: StabilityResult) -> Behind:
        return Behind(whole=_purchases(_lines(self._window, self._bought)))

    @behind.register
    def _rfm(self, result: RfmResult) -> Behind:
        words = [self._window.words(self.params.score_groups, name) for name in result.segments.segment]
        segments = [Rows("customers").being(rfm=word) for word in words]
        lines = [_lines(self._window, segment) for segment in segments]
        bought = [_purchases(rows) for rows in lines]
        return Behind(
            whole=_lines(self._window, self._bought),
            numbers={"share_revenue": lines[0], "share_customers": segments[0], "n": segments[0]},
            table=segments,
            cells=dict.fromkeys(_REVENUE, lines) | dict.fromkeys(_PURCHASES, bought),
        )

    @behind.register
    def _movement(self, result: MovementResult) -> Behind:
        now, then = self._followed
        states = [self._champions(state) for state in result.states.state]
        former, left, risen = (self._champions(state) for state in (FORMER, LEFT, RISEN))
        return Behind(
            whole=former,
            numbers={
                "share_slipping": left,
                "revenue_lost_minor": _lines_of_both(then, now, left),
                "revenue_risen_minor": _lines_of_both(then, now, risen),
            },
            table=states,
            cells={
                "revenue_before_minor": [_lines(then, state) for state in states],
                "revenue_now_minor": [_lines(now, state, _who_bought(now)) for state in states],
                "revenue_change_minor": [_lines_of_both(then, now, state) for state in states],
            },
        )

    @behind.register
    def _reach(self, result: ReachResult) -> Behind:
        segment = self._segment(result.segment)
        everyone = [self._bought.being(**{result.attribute: place}) for place in result.places.place]
        inside = [segment.being(**{result.attribute: place}) for place in result.places.place]
        best = list(result.places.place).index(result.best.place)
        return Behind(
            whole=self._bought,
            numbers={"share_in_segment": inside[best], "share_overall": segment, "n": everyone[best]},
            table=inside,
            cells={
                "n": everyone,
                "revenue_per_customer_minor": [_lines(self._window, place) for place in everyone],
            },
        )

    @behind.register
    def _concentration(self, result: ConcentrationResult) -> Behind:
        tops = [Rows("customers").being(best=self._window.words(share)) for share in result.tops.share_customers]
        headline = Rows("customers").being(best=self._window.words(result.headline.share_customers))
        return Behind(
            whole=_lines(self._window, self._bought),
            numbers={"share_revenue": _lines(self._window, headline), "share_customers": headline},
            table=[_lines(self._window, top) for top in tops],
            cells={"share_customers": tops},
        )

    @property
    def _window(self) -> Window:
        return Window(self.params.as_of, self.params.months)

    @property
    def _followed(self) -> tuple[Window, Window]:
        """The months up to the report's day, and those up to the same day a year before."""
        months = self.params.months_followed
        return Window(self.params.as_of, months), Window(self.params.year_before, months)

    @property
    def _bought(self) -> Rows:
        return _who_bought(self._window)

    def _segment(self, name: str) -> Rows:
        place = list(self.segments.centres.index).index(name)
        words = self._window.words(place, centres_as_word(self.segments.centres.to_numpy(float)), name)
        return Rows("customers").being(segment=words)

    def _champions(self, state: str) -> Rows:
        now, then = self._followed
        return Rows("customers").being(champions=now.words(then.as_of, self.params.score_groups, state))


def _who_bought(window: Window) -> Rows:
    return Rows("customers").being(bought=window.words())


def _lines(window: Window, *customers: Rows) -> Rows:
    """The order lines of some customers in the months of a window."""
    found = Rows("transactions").between("ordered_at", first_day(window.as_of, window.months), window.as_of)
    for rows in customers:
        found = found.linked(rows)
    return found


def _lines_of_both(then: Window, now: Window, customers: Rows) -> Rows:
    spans = [(first_day(window.as_of, window.months), window.as_of) for window in (then, now)]
    return Rows("transactions").within("ordered_at", *spans).linked(customers)


def _purchases(lines: Rows) -> Rows:
    """Lines that are no refunds."""
    return lines.between("amount_minor", 0)
