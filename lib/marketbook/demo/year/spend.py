"""What the media cost in each month, as the platforms report it: claims pay exactly that."""

import pandas as pd

from marketbook.demo.company import MEDIA
from marketbook.kit.facts import Facts

Monthly = dict[tuple[str, str], int]
"""Fen by channel and month."""


def monthly(facts: Facts, *, year: int) -> Monthly:
    """Return the spend of each channel and month of a year that is above 0, in fen.

    Where a platform reports by the day, its days count; the others' weeks count in the month of their Monday.
    """
    days = facts.read("ad_days").rename(columns={"platform": "channel"})
    weeks = facts.read("media_weeks").rename(columns={"week": "day"})
    weeks = weeks[weeks["channel"].isin([medium.name for medium in MEDIA if not medium.account])]
    both = pd.concat(
        [frame[["channel", "day", "spend_minor"]].astype({"day": "datetime64[s]"}) for frame in (days, weeks)]
    )
    both = both[both["day"].dt.year == year]
    sums = both.groupby(["channel", both["day"].dt.strftime("%Y-%m")])["spend_minor"].sum()
    return {(str(channel), str(month)): int(total) for (channel, month), total in sums.items() if total}
