"""What follows a published segmentation: value, class and segment on the customers' cards, by the report's own figures.

The customers of the shop's data are those of the cards by their numbers there. What the cards say can so be traced to
the purchases that the report stands on.
"""

import logging
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.records.tables import ExternalId
from marketbook.kit.store import Store

if TYPE_CHECKING:
    import pandas as pd

NOTEBOOK = "segmentation/segment-market"
ACTOR = "system:segmentation"
SHOP = "shop"
"""The system whose numbers customers have in the transactions."""

YEAR = 12
"""A class goes by the purchases of so many months."""

log = logging.getLogger("marketbook.valuing")


def follow(store: Store, notebook: str, parameters: Mapping[str, Any]) -> dict[str, int]:
    """Write on the cards what a segmentation that was just published found; nothing after any other report.

    What fails is logged: the report is published all the same.

    Args:
        store: Where the cards are.
        notebook: Which report was published.
        parameters: Its parameters.

    Returns:
        How many customers there are in each class; empty where nothing was written.
    """
    if notebook != NOTEBOOK:
        return {}
    try:
        with store.reading() as session:
            known = _known(session)
        return _write(store, known, parameters) if known else {}
    except Exception:
        log.exception("the cards keep the values that they have")
        return {}


def _known(session: Session) -> dict[str, int]:
    """Return the customers that the shop knows, by their numbers there."""
    query = select(ExternalId.id, ExternalId.party_id).where(
        ExternalId.system == SHOP, ExternalId.party_id.is_not(None)
    )
    return {number: party for number, party in session.execute(query) if party is not None}


def _write(store: Store, known: Mapping[str, int], parameters: Mapping[str, Any]) -> dict[str, int]:
    from marketbook.customer import cards  # the methods are slow to import, and asked for once a week
    from marketbook.kit.facts import Facts
    from marketbook.segmentation import data, rfm
    from marketbook.segmentation.params import SegmentMarket

    asked, facts = SegmentMarket.model_validate(parameters), Facts(settings().facts)
    profiles = data.profiles(facts, as_of=asked.as_of, months=asked.months)
    scored = rfm.score_customers(profiles, asked.score_groups)
    year = profiles if asked.months == YEAR else data.profiles(facts, as_of=asked.as_of, months=YEAR)
    values = _by_party(year, "revenue_minor", known)
    segments = _by_party(scored, "segment", known)
    with store.writing(actor=ACTOR) as session:
        on: date = asked.as_of
        return cards.set_values(session, values, on=on, segments=segments)


def _by_party(frame: "pd.DataFrame", column: str, known: Mapping[str, int]) -> dict[int, Any]:
    found = frame[frame["customer_id"].isin(list(known))]
    return {known[number]: value for number, value in zip(found["customer_id"], found[column].tolist(), strict=True)}
