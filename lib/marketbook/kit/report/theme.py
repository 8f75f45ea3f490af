"""The look that page, picture, workbook and slides share: colours and fonts.

The colours keep apart for readers who do not tell red from green, on screen and printed grey.
"""

from marketbook.kit.config import LanguageName

SERIES = ("#1b6b93", "#dd9a2b", "#53a78f", "#a8476f", "#86b6dc", "#7d4a24", "#6a66a3", "#a3a89a")
INK = "#1c2733"
MUTED = "#5a6875"
LINE = "#dfe4e8"
AXIS = "#b6bec6"
ACCENT = SERIES[0]

FONTS: dict[LanguageName, str] = {
    "zh_Hans": "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif",
    "zh_Hant": "'Noto Sans CJK TC','Noto Sans TC','PingFang TC','Microsoft JhengHei',sans-serif",
    "en": "'Noto Sans','Helvetica Neue','Segoe UI',Arial,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif",
}
OFFICE_FONTS: dict[LanguageName, str] = {
    "zh_Hans": "Microsoft YaHei",
    "zh_Hant": "Microsoft JhengHei",
    "en": "Microsoft YaHei",
}
"""The font of workbook and slides for East Asian text: what Office has on every machine."""

TAGS: dict[LanguageName, str] = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW", "en": "en-US"}
"""The language as a tag, for `lang` in pages and slides."""
