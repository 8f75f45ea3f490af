"""The slides' own look: 16:9, our colours and fonts in the theme, fonts for East Asian text in every run.

python-pptx sets only the Latin font (`font.name`); without `a:ea` PowerPoint shows Chinese in whatever it finds first.
"""

import re
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from marketbook.kit.report.theme import ACCENT, INK, MUTED, SERIES

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)


def blank(font: str) -> Any:  # noqa: ANN401  # pptx is untyped
    """Return an empty 16:9 presentation whose theme has our fonts and colours."""
    deck = Presentation()
    _widen(deck)
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = _themed(part.blob.decode("utf-8"), font).encode("utf-8")  # noqa: SLF001  # the only way to a theme
    return deck


def say(run: Any, *, size: float, font: str, tag: str, color: str = INK, bold: bool = False) -> None:  # noqa: ANN401
    """Dress a run: size, colour, language, and the font for Latin, East Asian and complex scripts alike."""
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = rgb(color)
    dress(run._r.get_or_add_rPr(), font, tag)  # noqa: SLF001  # python-pptx has no public way


def dress(properties: Any, font: str, tag: str) -> None:  # noqa: ANN401  # an rPr or defRPr element
    """Set language and the three fonts on run properties, in the order the schema asks for."""
    properties.set("lang", tag)
    properties.set("altLang", "en-US")
    for name in ("a:latin", "a:ea", "a:cs"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    place = _after_fill(properties)
    for offset, name in enumerate(("a:latin", "a:ea", "a:cs")):
        element = properties.makeelement(qn(name), {"typeface": font})
        properties.insert(place + offset, element)


def rgb(color: str) -> RGBColor:
    """Return a colour like `#1b6b93` as pptx wants it."""
    return RGBColor(*bytes.fromhex(color.lstrip("#")))  # type: ignore[no-untyped-call]  # half of pptx is typed


def text_box(slide: Any, box: tuple[float, float, float, float]) -> Any:  # noqa: ANN401  # pptx is untyped
    """Add an empty text frame (left, top, width, height in inches) that wraps and has no margins."""
    frame = slide.shapes.add_textbox(*(Inches(side) for side in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    return frame


def bar(slide: Any, box: tuple[float, float, float, float], color: str = ACCENT) -> None:  # noqa: ANN401  # pptx
    """Add a plain coloured rectangle."""
    shape = slide.shapes.add_shape(1, *(Inches(side) for side in box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(color)
    shape.line.fill.background()
    shape.shadow.inherit = False


def _after_fill(properties: Any) -> int:  # noqa: ANN401  # an rPr element
    """Fonts stand after line, fill and effects, before links."""
    before = {qn(n) for n in ("a:ln", "a:noFill", "a:solidFill", "a:gradFill", "a:effectLst", "a:highlight")}
    return sum(1 for child in properties if child.tag in before)


def _widen(deck: Any) -> None:  # noqa: ANN401  # pptx is untyped
    """Make the default 4:3 template 16:9, its layouts too, so that slides added later fit."""
    ratio = WIDTH / deck.slide_width
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    for holder in (deck.slide_master, *deck.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.find(f".//{qn('a:xfrm')}") is not None:  # noqa: SLF001  # inherited sizes stay inherited
                shape.left, shape.width = Emu(int(shape.left * ratio)), Emu(int(shape.width * ratio))


def _themed(theme: str, font: str) -> str:
    fonts = f'<a:latin typeface="{font}"/><a:ea typeface="{font}"/><a:cs typeface="{font}"/>'
    for kind in ("majorFont", "minorFont"):
        theme = re.sub(rf"(<a:{kind}>).*?(</a:{kind}>)", rf"\1{fonts}\2", theme, flags=re.DOTALL)
    colours = {"dk2": INK, "lt2": "#f2f6f8", "hlink": ACCENT, "folHlink": MUTED}
    colours |= {f"accent{n}": colour for n, colour in enumerate(SERIES[:6], start=1)}
    for name, colour in colours.items():
        solid = f'<a:srgbClr val="{colour.lstrip("#").upper()}"/>'
        theme = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf"\1{solid}\2", theme, flags=re.DOTALL)
    return theme
