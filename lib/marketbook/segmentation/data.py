"""The datasets of segmentation: customers and what they bought."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from marketbook.kit.facts import Dataset, Row
from marketbook.kit.language import mark


class Customer(Row):
    """One customer, without names or contacts."""

    customer_id: str = Field(min_length=1, title=mark("Customer number"))
    joined_on: date = Field(title=mark("Joined on"))
    province: str = Field(title=mark("Province"))
    city_tier: Literal["一线", "新一线", "二线", "三线及以下"] = Field(title=mark("City tier"))
    gender: Literal["女", "男", "未知"] = Field(title=mark("Gender"))
    age_band: Literal["18-24", "25-34", "35-44", "45-54", "55+", "未知"] = Field(title=mark("Age band"))
    source: str = Field(title=mark("Acquired through"), description=mark("Channel that brought the customer in."))


class Transaction(Row):
    """One order line that was paid; refunds are negative amounts of a line of their own."""

    transaction_id: str = Field(min_length=1, title=mark("Order line number"))
    customer_id: str = Field(min_length=1, title=mark("Customer number"))
    ordered_at: datetime = Field(title=mark("Ordered at"))
    category: str = Field(title=mark("Category"))
    channel: str = Field(title=mark("Sales channel"))
    quantity: int = Field(ge=1, title=mark("Quantity"))
    amount_minor: int = Field(title=mark("Amount (fen)"))


CUSTOMERS = Dataset("customers", Customer, ("customer_id",), mark("Customers"), mark("One customer."))
TRANSACTIONS = Dataset(
    "transactions", Transaction, ("transaction_id",), mark("Transactions"), mark("One paid order line.")
)
DATASETS = (CUSTOMERS, TRANSACTIONS)
