"""A form on a page of its own, and what a person can see and send of it."""

from html.parser import HTMLParser
from typing import Any

from pydantic import BaseModel

from marketbook.kit.forms import form, refused, style
from marketbook.kit.language import current
from marketbook.kit.report.theme import FONTS, TAGS

ACTION = "/reports/trial"


def page(model: type[BaseModel], query: str = "", **more: Any) -> str:
    """Write a page with nothing but a form, as a server would."""
    shown = form(model, query, action=ACTION, refusals=refused(model, query), **more)
    return (
        f'<!DOCTYPE html><html lang="{TAGS[current()]}"><head><meta charset="utf-8"><title></title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>body{{margin:0;padding:16px;background:#fff;font-family:{FONTS[current()]}}}{style()}</style></head>"
        f"<body><main>{shown}</main></body></html>"
    )


class Tags(HTMLParser):
    """Every tag with its attributes, in order; ids and what points to them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def named(self, name: str) -> list[tuple[str, dict[str, str | None]]]:
        return [(tag, attrs) for tag, attrs in self.all if attrs.get("name") == name]

    @property
    def ids(self) -> list[str]:
        return [str(attrs["id"]) for _tag, attrs in self.all if "id" in attrs]

    @property
    def pointed(self) -> set[str]:
        """The ids that labels, descriptions and links point to."""
        found = {str(attrs["href"])[1:] for _tag, attrs in self.all if str(attrs.get("href")).startswith("#")}
        found |= {str(attrs["for"]) for _tag, attrs in self.all if "for" in attrs}
        return found | {one for _tag, attrs in self.all for one in str(attrs.get("aria-describedby") or "").split()}
