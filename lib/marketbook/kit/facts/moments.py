"""Days and moments as they are written: 2025/1/5 13:05, 2025年1月5日, 20250105, a spreadsheet's serial number.

A day before its month, or a year of two digits, is not guessed: a source says how its days are written (`format`).
"""

import re
from datetime import datetime, timedelta

from marketbook.kit.config import settings

_DAY = r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])"
_TIME = r"(\d{1,2})[:时](\d{1,2})(?:[:分](?:(\d{1,2})(?:\.(\d{1,6})\d*)?秒?)?)?"
_WRITTEN = re.compile(rf"{_DAY}(?:(?:\s*T?\s*|\s+){_TIME})?\s*(Z|[+-]\d{{2}}:?\d{{2}})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s?(\d{2}):?(\d{2}):?(\d{2}))?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # day 0 of the 1900 calendar, as written after February 1900
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: a year or a small count is no serial number


def written(text: str, pattern: str = "") -> datetime | None:
    """Read a day or a moment from text; None where it is neither.

    Args:
        text: With half-width digits.
        pattern: A `strptime` pattern, where a source gives one.

    Example:
        >>> written("2025年1月5日")
        datetime.datetime(2025, 1, 5, 0, 0)
        >>> written("5/1/2025") is None
        True
    """
    try:
        if pattern:
            return local(datetime.strptime(text, pattern))  # noqa: DTZ007
        if found := _WRITTEN.fullmatch(text):
            return _composed(found)
        if found := _COMPACT.fullmatch(text):
            return datetime(*(int(part) for part in found.groups() if part))  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None
    return serial(float(text)) if _SERIAL.fullmatch(text) else None


def serial(number: float) -> datetime | None:
    """Read a spreadsheet's serial number; None where it is none.

    Example:
        >>> serial(45662.5)
        datetime.datetime(2025, 1, 5, 12, 0)
    """
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    return _EPOCH + timedelta(seconds=round(number * 86_400))


def local(moment: datetime) -> datetime:
    """Return a moment as the company's clock shows it, without its zone."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(settings().zone).replace(tzinfo=None)


def _composed(found: re.Match[str]) -> datetime:
    year, *parts = found.groups()
    month, day = (int(part) for part in parts[:8] if part)
    hour, minute, second = (int(part or 0) for part in parts[8:11])
    micro = int((parts[11] or "0").ljust(6, "0"))
    moment = datetime(int(year), month, day, hour, minute, second, micro)  # noqa: DTZ001
    zone = parts[12]
    if not zone:
        return moment
    return local(datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone == "Z" else zone)))
