"""The room's templates, which escape what they are given: what a screen tells beside its lists and forms."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _


def written(name: str, **about: Any) -> Markup:  # noqa: ANN401  # a template's
    """Write a template of this folder, in the current language."""
    return Markup(_environment().get_template(name).render(**about))  # noqa: S704  # the template escapes


def moment(at: datetime) -> str:
    """Write a moment to the minute, on the company's clock."""
    return language.format_datetime(at.astimezone(settings().zone))


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        autoescape=True, loader=jinja2.PackageLoader("marketbook.customer", "."), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(_=_, day=language.format_date, moment=moment)
    return made
