"""Names as they are typed on a keyboard: whole pinyin and its initials, with every reading a character may have."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 12
"""How many readings of one name are kept."""

SURNAMES = {
    "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "曾": "zeng", "查": "zha", "区": "ou", "區": "ou",
    "朴": "piao", "任": "ren", "盖": "ge", "蓋": "ge", "乐": "yue", "樂": "yue", "尹": "yin", "华": "hua",
    "盛": "sheng", "折": "she",
    "种": "chong", "洗": "xian", "冼": "xian", "缪": "miao", "繆": "miao", "翟": "zhai", "覃": "qin", "黑": "he",
    "召": "shao", "秘": "bi", "员": "yun", "員": "yun", "柏": "bai", "葛": "ge", "纪": "ji", "紀": "ji", "宁": "ning",
    "尉迟": "yuchi", "尉遲": "yuchi", "长孙": "zhangsun", "長孫": "zhangsun", "万俟": "moqi", "萬俟": "moqi",
    "澹台": "tantai", "宿": "su", "繁": "po", "石": "shi", "车": "che", "車": "che", "谌": "chen", "諶": "chen",
}  # fmt: skip
"""Characters that are read differently as a surname; two-character surnames are written without a space."""

_TWO = {"yuchi": ("yu", "chi"), "zhangsun": ("zhang", "sun"), "moqi": ("mo", "qi"), "tantai": ("tan", "tai")}


@dataclass(frozen=True)
class Reading:
    """How a name is typed.

    Attributes:
        full: The whole pinyin of each reading without spaces, the likeliest first.
        initials: The first letters of each.
    """

    full: Sequence[str]
    initials: Sequence[str]

    @property
    def text(self) -> str:
        """Everything a search looks through, in one text."""
        return " ".join(dict.fromkeys((*self.full, *self.initials)))


def reading(name: str) -> Reading:
    """Return how a name is typed; letters stay, in small ones without accents.

    Args:
        name: In any script.

    Example:
        >>> reading("曾国藩").full[0], reading("曾国藩").initials[0]
        ('zengguofan', 'zgf')
        >>> reading("Zoë Müller").full
        ('zoemuller',)
    """
    syllables = [tuple(one) for one in _syllables(name)]
    found = list(dict.fromkeys(_readings(syllables)))[:MOST]
    full = tuple(dict.fromkeys("".join(one) for one in found))
    return Reading(full, tuple(dict.fromkeys("".join(part[:1] for part in one) for one in found)))


def typed(text: str) -> str:
    """Return a text as readings are written: what somebody typed into a search.

    Example:
        >>> typed("Lǚ Bù"), typed(" WANG fang ")
        ('lvbu', 'wangfang')
    """
    return "".join(_letters(text))


def _syllables(name: str) -> Iterator[Sequence[str]]:
    """Return the readings of each character, or of each word of letters, the likeliest first."""
    from pypinyin import Style, pinyin  # its dictionary takes a while; most of the pages need none

    rest = "".join(name.split()) if any(map(_is_chinese, name)) else name
    surname = next((rest[:size] for size in (2, 1) if rest[:size] in SURNAMES), "")
    if surname:
        read = SURNAMES[surname]
        own = pinyin(surname, style=Style.NORMAL, heteronym=True)
        parts = _TWO.get(read, (read,))
        yield from (list(dict.fromkeys((part, *others))) for part, others in zip(parts, own, strict=True))
    given = rest[len(surname) :]
    words: Any = _kept  # each word for itself, which its annotation does not know
    usual = pinyin(given, style=Style.NORMAL, errors=words)
    every = pinyin(given, style=Style.NORMAL, heteronym=True, errors=words)
    for first, others in zip(usual, every, strict=True):
        yield [one for one in dict.fromkeys((*first, *others)) if one]


def _readings(syllables: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The likeliest of each character; then one character after the other in its further readings."""
    first = tuple(one[0] for one in syllables if one)
    yield first
    for place, others in enumerate(one for one in syllables if one):
        for other in others[1:]:
            yield (*first[:place], other, *first[place + 1 :])


def _kept(text: str) -> list[str]:
    """What has no pinyin stays, word by word."""
    return ["".join(_letters(word)) for word in text.split()] or [""]


def _letters(text: str) -> Iterator[str]:
    """The letters and digits of a text, without accents; lü and nü are written as they are typed, lv and nv."""
    composed = unicodedata.normalize("NFKC", text).casefold()
    for one in _UMLAUT.sub(r"\1v", composed):
        yield from (part for part in unicodedata.normalize("NFKD", one) if part.isalnum())


_UMLAUT = re.compile("([ln])[üǖǘǚǜ]")


def _is_chinese(one: str) -> bool:
    return unicodedata.name(one, "").startswith("CJK UNIFIED")
