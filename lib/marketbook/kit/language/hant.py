"""Traditional Chinese from simplified: OpenCC character by character, then the company's own words.

The company's policy is written in traditional characters with the words used on the mainland (互聯網, 營銷, 數據), so
no regional vocabulary is put in; `GLOSSARY` names where the characters alone would be read wrongly.
"""

from functools import lru_cache

import opencc

GLOSSARY: dict[str, str] = {
    "瞭解": "了解",
    "佔比": "占比",
    "錶格": "表格",
    "迴歸": "回歸",
    "週": "周",
}


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


@lru_cache(maxsize=8192)
def traditional(text: str) -> str:
    """Write simplified Chinese in traditional characters.

    Example:
        >>> traditional("营销数据分析")
        '營銷數據分析'
    """
    text = _converter().convert(text)
    for found, wanted in GLOSSARY.items():
        text = text.replace(found, wanted)
    return text
