"""What moved since Monday, as the screen tells it above the log."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup
from sqlalchemy.orm import Session

from marketbook.competitor import log, moves
from marketbook.competitor.brief import price, signed
from marketbook.competitor.tables import ACTIONS, CHANNELS
from marketbook.kit.language import format_date, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.office.briefs import Table

HORIZON = timedelta(days=400)
"""So long before today nothing counts: what comes back after that is new again."""

MOST = 10
"""How many rows of each kind are shown; the report has all."""


def moved(session: Session) -> Markup:
    """Write what moved since Monday, in the current language."""
    today = roles.today()
    found = log.of(session, as_of=today, since=log.beginning(today, "week"), first=today - HORIZON)
    changed, others = moves.price_moves(found), moves.news(found)
    title = _("What moved since Monday, {day}").format(day=format_date(found.since))
    return Markup(  # noqa: S704  # the template escapes
        _template().render(
            title=title, sentences=_sentences(changed, others), tables=[_prices(changed), _others(others)]
        )
    )


def _sentences(changed: pd.DataFrame, others: pd.DataFrame) -> list[str]:
    if changed.empty and others.empty:
        return [_("Nothing that is noted has moved.")]
    fell = int((changed["change_share"] < 0).sum())
    return [
        ngettext("{count} price moved, {fell} of them down.", "{count} prices moved, {fell} of them down.",
                 len(changed)).format(count=len(changed), fell=fell),
    ]  # fmt: skip


def _prices(changed: pd.DataFrame) -> Table:
    heads = [_("Competitor · product"), _("Channel"), _("Before"), _("Price now"), _("Change"), _("Entry number")]
    rows = [
        [
            called(row), _(CHANNELS[row["channel"]]), side(row, "before"), side(row, "after"),
            signed(row["change_share"]), row["entry_after"],
        ]
        for row in changed.head(MOST).to_dict("records")
    ]  # fmt: skip
    return Table(_("Prices"), heads, rows, right=(2, 3, 4))


def _others(others: pd.DataFrame) -> Table:
    heads = [
        _("What it was"), _("Competitor · product"), _("Channel"), _("Seen on"), _("What was seen"), _("Entry number"),
    ]  # fmt: skip
    rows = [
        [
            _(ACTIONS[row["action"]]), called(row), _(CHANNELS[row["channel"]]), format_date(row["seen_on"].date()),
            row["seen"], row["entry"],
        ]
        for row in others.head(MOST).to_dict("records")
    ]  # fmt: skip
    return Table(_("What else they do"), heads, rows)


def called(row: Mapping[Any, Any]) -> str:
    """Write whose product something is about, or whom."""
    return " · ".join(filter(None, (row["competitor"], row["product"])))


def side(row: Mapping[Any, Any], which: str) -> str:
    """Write a price before or after a move, with its day."""
    told = {name: row[f"{name}_{which}"] for name in ("price_minor", "size", "seen_on")}
    written = price(int(told["price_minor"]), row["currency"], int(told["size"]), row["unit"])
    return f"{written} ({format_date(told['seen_on'].date())})"


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    made = jinja2.Environment(
        autoescape=True, loader=jinja2.PackageLoader("marketbook.competitor", "."), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return made.get_template("moved.html.j2")
