"""Number formats of Excel and PowerPoint, by kind."""

from marketbook.kit import language
from marketbook.kit.report.format import Kind


def number_format(kind: Kind, *, currency: str = "CNY", decimals: int = 2) -> str:
    """Return how Office writes a number of this kind in the current language."""
    english = language.current() == "en"
    sign = language.format_money(0, currency).rstrip("0").strip()
    formats: dict[Kind, str] = {
        "share": "0.0%",
        "minor": f'"{sign}"#,##0.00',
        "money": f'"{sign}"#,##0.00',
        "count": "#,##0",
        "p": "0.000",
        "points": "0.0",
        "date": "d mmm yyyy" if english else 'yyyy"年"m"月"d"日"',
        "month": "mmm yyyy" if english else 'yyyy"年"m"月"',
        "text": "@",
    }
    return formats.get(kind, "#,##0" + ("." + "0" * decimals if decimals else ""))


def axis_format(kind: Kind, largest: float, *, currency: str = "CNY") -> str:
    """Return how the ticks of an axis are written: large amounts by their size, as Office can."""
    sign = language.format_money(0, currency).rstrip("0").strip() if kind in ("money", "minor") else ""
    if kind == "share":
        return "0%" if largest >= 0.1 else "0.0%"
    if kind in ("date", "month"):
        return "mmm yyyy" if language.current() == "en" else 'yyyy"年"m"月"'
    if kind in ("money", "minor", "count", "number") and largest >= 1e5:
        return f'"{sign}"{_by_size(largest)}'
    return f'"{sign}"#,##0' if sign or kind == "count" or largest >= 10 else "0.00"


def _by_size(largest: float) -> str:
    """Office divides by thousands only: for 万 and 亿 a literal point goes before the digits that are too many."""
    if language.current() == "en":
        return '#,##0.0,,"M"' if largest >= 1e6 else '#,##0,"K"'
    return '0\\.00,,"' + language.label("亿") + '"' if largest >= 1e8 else '0\\.0,"' + language.label("万") + '"'
