"""Every message a person can see is translated, alike wherever it is said, with its places kept."""

import re

import pytest

from marketbook.kit.language import extract, gettext, speaking
from marketbook.kit.language.extract import MessageId
from marketbook.kit.language.messages import CATALOGUES

Found = dict[str, dict[MessageId, set[str]]]

NAMES = sorted(file.stem for file in (CATALOGUES / "zh_Hans").glob("*.po"))


@pytest.fixture(scope="module")
def found() -> Found:
    """Every message with the files that say it, by catalogue; looked for once, and not by who only collects."""
    return extract.messages()


def test_every_catalogue_is_said_and_there(found: Found) -> None:
    assert sorted(found) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_in_its_catalogue_and_translated(found: Found, name: str) -> None:
    kept = {message.id: message.string for message in extract.catalogue(name) if message.id and not message.fuzzy}
    missing = [message for message in found[name] if not kept.get(message)]
    assert not missing, f"run 'make messages', then translate in {name}.po: {missing}"


@pytest.mark.parametrize("name", NAMES)
def test_translations_keep_their_placeholders(name: str) -> None:
    kept = [message for message in extract.catalogue(name) if message.id and message.string]
    wrong = [message.id for message in kept if _places(message.id) != _places(message.string)]
    assert not wrong


def test_the_same_message_is_translated_alike_everywhere(found: Found) -> None:
    said: dict[object, set[object]] = {}
    for name in found:
        for message in extract.catalogue(name):
            if message.id in found[name]:
                said.setdefault(message.id, set()).add(str(message.string))
    assert {message: words for message, words in said.items() if len(words) > 1} == {}


def test_notebooks_are_translated_paragraph_by_paragraph(found: Found) -> None:
    notebook = [m for name in found for m, places in found[name].items() if any(p.endswith(".ipynb") for p in places)]
    with speaking("zh_Hans"):
        untouched = [message for message in notebook if gettext(str(message)) == message]
    assert not untouched


def _places(message: object) -> set[str]:
    texts = message if isinstance(message, list | tuple) else [message]
    return {place for text in texts for place in re.findall(r"{[^{}]*}", str(text))}
