"""The datasets of segmentation, customers and what they bought, and the frames its methods need."""

from datetime import date, datetime
from typing import Literal

import pandas as pd
from pydantic import Field

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Dataset, Facts, Row
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.segmentation import members
from marketbook.segmentation.history import purchase_history, purchase_style


class Customer(Row):
    """One customer, without names or contacts."""

    customer_id: str = Field(min_length=1, title=mark("Customer number"))
    joined_on: date = Field(title=mark("Joined on"))
    province: str = Field(title=mark("Province"), examples=["广东"])
    city_tier: Literal["一线", "新一线", "二线", "三线及以下"] = Field(title=mark("City tier"))
    gender: Literal["女", "男", "未知"] = Field(title=mark("Gender"))
    age_band: Literal["18-24", "25-34", "35-44", "45-54", "55+", "未知"] = Field(title=mark("Age band"))
    source: str = Field(
        title=mark("Acquired through"), description=mark("Channel that brought the customer in."), examples=["抖音"]
    )


class Transaction(Row):
    """One order line that was paid; refunds are negative amounts of a line of their own."""

    transaction_id: str = Field(min_length=1, title=mark("Order line number"))
    customer_id: str = Field(min_length=1, title=mark("Customer number"))
    ordered_at: datetime = Field(title=mark("Ordered at"))
    category: str = Field(title=mark("Product category"), examples=["护肤"])
    channel: str = Field(title=mark("Sales channel"), examples=["天猫"])
    quantity: int = Field(ge=1, title=mark("Quantity"))
    amount_minor: int = Field(title=mark("Amount (fen)"))


CUSTOMERS = Dataset(
    "customers",
    Customer,
    ("customer_id",),
    mark("Customers"),
    mark("One customer."),
    marks=members.MARKS,
    importers=("manager", "specialist", "sales", "service"),
)
TRANSACTIONS = Dataset(
    "transactions",
    Transaction,
    ("transaction_id",),
    mark("Transactions"),
    mark("One paid order line."),
    importers=("manager", "specialist", "sales", "finance"),
)
DATASETS = (CUSTOMERS, TRANSACTIONS)


def profiles(facts: Facts, *, as_of: date, months: int) -> pd.DataFrame:
    """Read who bought in the months up to a day, how, and who they are.

    Args:
        facts: Where `customers` and `transactions` are kept.
        as_of: Last day that is known.
        months: Length of the window.

    Returns:
        One row per customer with a purchase in the window, in the order of their numbers: the columns
        of `purchase_history` and `purchase_style` and the customer's attributes (missing where one is not listed).

    Raises:
        DataError: Nobody bought in the window; the message names it.
    """
    lines, customers = facts.table("transactions"), facts.table("customers")
    since = first_day(as_of, months)
    history = purchase_history(lines, as_of=as_of, since=since)
    style = purchase_style(lines, as_of=as_of, since=since)
    joined = history.join(style, "customer_id").left_join(customers, "customer_id").drop("customer_id_right")
    frame: pd.DataFrame = joined.order_by("customer_id").to_pyarrow().to_pandas()
    if frame.empty:
        raise DataError(
            _("transactions: no purchase from {since} to {as_of}; choose another day or more months.").format(
                since=since, as_of=as_of
            )
        )
    return frame


def first_day(as_of: date, months: int) -> date:
    """Return the first day of the months up to a day.

    Example:
        >>> first_day(date(2025, 12, 31), 12)
        datetime.date(2025, 1, 1)
    """
    return (pd.Timestamp(as_of) + pd.DateOffset(days=1) - pd.DateOffset(months=months)).date()
