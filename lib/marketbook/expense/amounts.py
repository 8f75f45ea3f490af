"""Amounts and rates abroad as they are typed: decimals all the way, never a float."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from babel.numbers import get_currency_precision
from pydantic import AfterValidator, Field

from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_money
from marketbook.kit.language import gettext as _

Currency = Literal[
    "CNY", "USD", "EUR", "HKD", "JPY", "GBP", "KRW", "SGD", "TWD", "MOP", "AUD", "CAD", "CHF", "THB"
]  # fmt: skip
"""What forms offer; records take every ISO code."""

LARGEST = Decimal(10**13)
RATE_DECIMALS = 6


def number(text: str) -> Decimal | None:
    """Read a number as people write it; None where it is none.

    Example:
        >>> number("１,234.50"), number("¥ 8"), number("many"), number("1e9")
        (Decimal('1234.50'), Decimal('8'), None, None)
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "").lstrip("¥$€£")
    if not plain or plain.strip("0123456789.-"):
        return None
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if abs(found) < LARGEST else None


def _amount(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    found = number(text)
    if found is None or found == 0:
        raise ValueError(_("must be an amount"))
    return str(found)


def _total(text: str) -> str:
    return _amount(text) or ""


def _rate(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    found = number(text)
    if found is None or found <= 0 or found != found.quantize(Decimal(1).scaleb(-RATE_DECIMALS)):
        raise ValueError(_("must be a rate above 0, with six decimals at most"))
    return str(found)


Amount = Annotated[str | None, AfterValidator(_amount)]
"""An amount of a currency, typed; kept as plain digits."""

Total = Annotated[str, Field(min_length=1), AfterValidator(_total)]
"""An amount that must be there."""

Rate = Annotated[str | None, AfterValidator(_rate)]
"""What one unit of a currency costs here, typed."""


def minor(text: str, currency: str) -> int:
    """Return an amount in minor units of its currency.

    Raises:
        RecordError: It has more decimals than the currency.

    Example:
        >>> minor("12.5", "USD"), minor("1200", "JPY")
        (1250, 1200)
    """
    found = Decimal(text).scaleb(get_currency_precision(currency))
    if found != found.to_integral_value():
        raise RecordError(
            _("{amount}: {currency} has {count} decimals.").format(
                amount=text, currency=currency, count=get_currency_precision(currency)
            )
        )
    return int(found)


def major(amount: int, currency: str) -> str:
    """Write an amount in minor units of a currency as it would be typed.

    Example:
        >>> major(1250, "USD"), major(1200, "JPY")
        ('12.50', '1200')
    """
    return f"{Decimal(amount).scaleb(-get_currency_precision(currency)):f}"


def shown(amount: int, currency: str) -> str:
    """Write an amount in minor units of a currency for a reader."""
    precision = get_currency_precision(currency)
    return format_money(amount / 10**precision, currency, decimals=precision)
