"""Numbers, money and dates as the current language writes them."""

from datetime import date, datetime

from babel import dates, numbers

from marketbook.kit.language.current import current
from marketbook.kit.language.hant import traditional


def format_integer(value: float) -> str:
    """Write a whole number with its group separators."""
    return numbers.format_decimal(round(value), format="#,##0", locale=current())


def format_number(value: float, *, decimals: int = 2) -> str:
    """Write a number with a fixed count of decimals."""
    return numbers.format_decimal(value, format=_pattern(decimals), locale=current())


def format_percent(share: float, *, decimals: int = 1) -> str:
    """Write a share (0 to 1) as a percentage.

    Example:
        >>> format_percent(0.1234)
        '12.3%'
    """
    return numbers.format_percent(share, format=f"{_pattern(decimals)}%", locale=current())


def format_money(amount: float, currency: str, *, decimals: int = 0, short: bool = False) -> str:
    """Write an amount in major units (yuan, not fen) with its currency sign.

    Args:
        amount: In major units.
        currency: ISO 4217 code.
        decimals: Count of decimals of an amount written in full.
        short: Write a large amount by its size: 1.2 亿 or 120M.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("zh_Hans"):
        ...     format_money(123456789, "CNY"), format_money(123456789, "CNY", short=True)
        ('¥123,456,789', '¥1.23亿')
    """
    chinese = "zh_Hans" if current() == "zh_Hant" else current()  # ¥ as the company writes it, not Taiwan's CN¥
    if short and abs(amount) >= 10_000:
        written = numbers.format_compact_currency(amount, currency, fraction_digits=2, locale=chinese)
    else:
        pattern = f"¤{_pattern(decimals)}"
        written = numbers.format_currency(amount, currency, pattern, currency_digits=False, locale=chinese)
    return traditional(written) if current() == "zh_Hant" else written


def format_date(day: date) -> str:
    """Write a day."""
    pattern = "d MMM y" if current() == "en" else "y年M月d日"
    return dates.format_date(day, format=pattern, locale=current())


def format_month(day: date) -> str:
    """Write the month a day lies in."""
    return dates.format_date(day, format="MMM y" if current() == "en" else "y年M月", locale=current())


def format_datetime(moment: datetime) -> str:
    """Write a moment to the minute, in the zone it carries."""
    return f"{format_date(moment.date())} {moment:%H:%M}"


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")
