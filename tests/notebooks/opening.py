"""The numbers of a published page and what opens behind them."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketbook.app import catalogue
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.facts.behind import Page, behind
from marketbook.kit.report import RESULT_MIME
from marketbook.kit.report.finding import Finding
from marketbook.kit.store import Store

NUMBER = re.compile(r'<(?:dd class="mb-value"|td class="mb-n[^"]*")>(.*?)</(?:dd|td)>')
OPENS = re.compile(r'<a class="mb-rows" data-rows="([^"]+)">([^<]*)</a>')
DATASETS = catalogue.with_views()


def numbers(page: str) -> list[tuple[str, str]]:
    """Return each number of a page as it is written, with the address of its rows; empty where it has none."""
    found = [(OPENS.fullmatch(inside), inside) for inside in NUMBER.findall(page)]
    return [(opens[2], html.unescape(opens[1])) if opens else (inside, "") for opens, inside in found]


def findings(folder: Path) -> dict[str, Finding]:
    """Return the findings of a run by name; where a name comes again, a number is put behind it."""
    notebook = json.loads((folder / "report.ipynb").read_text("utf-8"))
    found: dict[str, Finding] = {}
    for data in _shown(notebook):
        finding = Finding.model_validate(data[RESULT_MIME])
        again = sum(name.startswith(finding.name) for name in found)
        found[f"{finding.name}_{again + 1}" if again else finding.name] = finding
    return found


@dataclass(frozen=True)
class Kept:
    """The datasets and the records that reports were made from."""

    facts: Facts
    store: Store


def opened(kept: Kept, address: str) -> Page:
    """Return the first rows behind an address."""
    return behind(kept.facts, DATASETS, Rows.decode(address, DATASETS), limit=5, store=kept.store)


def _shown(notebook: Any) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        yield from (o["data"] for o in cell.get("outputs", ()) if RESULT_MIME in o.get("data", {}))
