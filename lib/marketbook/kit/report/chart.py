"""A chart described once: drawn by Altair in notebooks and pages, and as a native chart in slides.

Charts compute nothing: the frame holds what is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

ChartKind = Literal["bar", "line", "point"]


@dataclass(frozen=True)
class Chart:
    """What is drawn, not how.

    Attributes:
        kind: `bar` (horizontal where x is a number and y a category), `line` over time or a number, `point` with or
            without intervals.
        data: One row per mark; tidy.
        x: Column on the horizontal axis.
        y: Column on the vertical axis.
        color: Column that tells series apart, if any.
        low: Column with the lower end of the interval along the numeric axis, if any.
        high: Column with its upper end.
        titles: Heading of each column used, translated already.
        title: What the chart shows, in one line, translated already.
        rule: A value on the numeric axis to mark (a target, zero, no effect), if any.
        mark_on: A value on the x axis to mark (the day a campaign began), if any.
    """

    kind: ChartKind
    data: pd.DataFrame = field(repr=False)
    x: str
    y: str
    title: str
    titles: Mapping[str, str]
    color: str | None = None
    low: str | None = None
    high: str | None = None
    rule: float | None = None
    mark_on: Any = None
