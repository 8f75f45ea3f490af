"""Contact points in one form each, so that one number is one number however it was typed; and masked, for lists.

Numbers are E.164 (`+8613800138000`), e-mail addresses and WeChat ids lower-case. What is a number, and of which kind,
is said by Google's libphonenumber, which follows the countries' numbering plans.

References:
    ITU-T E.164 (2010); RFC 5321 (2008), section 4.5.3.1, for the lengths of an address; RFC 5322 (2008), section 3.2.3,
    for its dot-atoms.
"""

import re
import unicodedata
from collections.abc import Mapping

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

KINDS: Mapping[str, str] = {
    "mobile": mark("Mobile"),
    "phone": mark("Telephone"),
    "email": mark("E-mail"),
    "wechat": mark("WeChat"),
}
"""The kinds of contact points."""

NUMBERS = ("mobile", "phone")
HOME = "CN"
"""Where a number is that names no country."""

COUNTRIES = ("CN", "HK", "MO", "TW")
"""Where a number is looked for that was typed without its country's code, such as one a customer is searched by."""

LONGEST = 254

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")
_DIALLED = re.compile(r"[+()\d\s.\-/]+")


def normalised(kind: str, typed: str) -> str:
    """Return a contact point in the one form in which it is kept.

    Args:
        kind: Of `KINDS`.
        typed: As somebody wrote it.

    Raises:
        RecordError: It is none; the message never holds all of it.

    Example:
        >>> normalised("mobile", "138-0013 8000"), normalised("email", " Li.Na@Example.COM ")
        ('+8613800138000', 'li.na@example.com')
    """
    text = _plain(typed)
    if kind in NUMBERS:
        return _number(kind, text)
    if kind == "email":
        return _email(text)
    if kind == "wechat":
        return _wechat(text)
    raise RecordError(
        _("kind: {found!r} is not known; allowed are {allowed}.").format(found=kind, allowed=", ".join(KINDS))
    )


def masked(kind: str, value: str) -> str:
    """Return a contact point as a list shows it: enough to know it again, too little to reach anybody by.

    Example:
        >>> masked("mobile", "+8613800138000"), masked("mobile", "+85291234567"), masked("email", "lina@example.com")
        ('138****8000', '+852 91****67', 'l***@example.com')
    """
    if kind == "email":
        local, _at, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    if kind == "wechat":
        return f"{value[:1]}***{value[-1:]}"
    code, number = _split(value)
    head, tail = (3, 4) if len(number) >= 11 else (2, 2)
    shown = f"{number[:head]}****{number[-tail:]}"
    return shown if code == "86" else f"+{code} {shown}"


def shown(kind: str, value: str) -> str:
    """Return a contact point as it is read and dialled.

    Example:
        >>> shown("mobile", "+8613800138000"), shown("mobile", "+85291234567")
        ('138 0013 8000', '+852 9123 4567')
    """
    if kind not in NUMBERS:
        return value
    import phonenumbers  # its tables take a while; most of the pages need none

    number = phonenumbers.parse(value)
    at_home = number.country_code == phonenumbers.country_code_for_region(HOME)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def looked_for(typed: str) -> list[str]:
    """Return the forms in which a contact point may be kept that somebody searches by; none where it can be none.

    Example:
        >>> looked_for("13800138000"), looked_for("9123 4567"), looked_for("Li")
        (['+8613800138000'], ['+85291234567'], [])
    """
    text = _plain(typed)
    if "@" in text:
        return _tried("email", text)
    if _DIALLED.fullmatch(text):
        return _numbers(text)
    return _tried("wechat", text)


def _plain(typed: str) -> str:
    """Full-width digits and letters are written as the others; what is not seen is left out."""
    text = unicodedata.normalize("NFKC", typed)
    return "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Cc")).strip()


def _tried(kind: str, text: str) -> list[str]:
    try:
        return [normalised(kind, text)]
    except RecordError:
        return []


def _number(kind: str, text: str) -> str:
    found = _parsed(text, HOME)
    if found is None:
        raise RecordError(
            _("{found} is no telephone number; begin with the country's code where it is abroad, such as +852.").format(
                found=_hidden(text)
            )
        )
    value, mobile = found
    if kind == "mobile" and not mobile:
        raise RecordError(_("{found} is no mobile number; enter it as a telephone.").format(found=_hidden(text)))
    return value


def _numbers(text: str) -> list[str]:
    found = [_parsed(text, country) for country in COUNTRIES]
    return list(dict.fromkeys(one[0] for one in found if one is not None))


def _parsed(text: str, country: str) -> tuple[str, bool] | None:
    """Return a number in E.164 and whether it may be a mobile's; None where it is none."""
    import phonenumbers

    if not _DIALLED.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(re.sub(r"^00(?=[1-9])", "+", text), country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    kinds = phonenumbers.PhoneNumberType
    mobile = phonenumbers.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), mobile


def _email(text: str) -> str:
    local, at, domain = text.lower().rpartition("@")
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        labels = []
    fits = len(local) <= 64 and len(text) <= LONGEST and len(labels) >= 2 and not labels[-1].isdecimal()
    if not (at and fits and _LOCAL.fullmatch(local) and all(map(_LABEL.fullmatch, labels))):
        raise RecordError(_("{found} is no e-mail address, such as name@example.com.").format(found=_hidden(text)))
    return f"{local}@{'.'.join(labels)}"


def _wechat(text: str) -> str:
    found = text.lower()
    if not _WECHAT.fullmatch(found):
        raise RecordError(
            _("{found} is no WeChat id: 6 to 20 letters, digits, - and _, the first one a letter.").format(
                found=_hidden(text)
            )
        )
    return found


def _hidden(text: str) -> str:
    """What is refused is told so that its writer knows it and nobody else can use it."""
    return f"“{text[:3]}…{text[-2:]}”" if len(text) > 7 else f"“{text[:2]}…”"


def _split(value: str) -> tuple[str, str]:
    import phonenumbers

    number = phonenumbers.parse(value)
    return str(number.country_code), phonenumbers.national_significant_number(number)
