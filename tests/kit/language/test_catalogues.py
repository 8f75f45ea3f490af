"""Every message a person can see is translated, alike wherever it is said, with its places kept."""

import re

import pytest

from marketbook.kit.language import extract, gettext, speaking

FOUND = extract.messages()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_every_message_is_in_its_catalogue_and_translated(name: str) -> None:
    kept = {message.id: message.string for message in extract.catalogue(name) if message.id and not message.fuzzy}
    missing = [message for message in FOUND[name] if not kept.get(message)]
    assert not missing, f"run 'make messages', then translate in {name}.po: {missing}"


@pytest.mark.parametrize("name", sorted(FOUND))
def test_translations_keep_their_placeholders(name: str) -> None:
    kept = [message for message in extract.catalogue(name) if message.id and message.string]
    wrong = [message.id for message in kept if _places(message.id) != _places(message.string)]
    assert not wrong


def test_the_same_message_is_translated_alike_everywhere() -> None:
    said: dict[object, set[object]] = {}
    for name in FOUND:
        for message in extract.catalogue(name):
            if message.id in FOUND[name]:
                said.setdefault(message.id, set()).add(str(message.string))
    assert {message: words for message, words in said.items() if len(words) > 1} == {}


def test_notebooks_are_translated_paragraph_by_paragraph() -> None:
    notebook = [m for name in FOUND for m, places in FOUND[name].items() if any(p.endswith(".ipynb") for p in places)]
    with speaking("zh_Hans"):
        untouched = [message for message in notebook if gettext(str(message)) == message]
    assert not untouched


def _places(message: object) -> set[str]:
    texts = message if isinstance(message, list | tuple) else [message]
    return {place for text in texts for place in re.findall(r"{[^{}]*}", str(text))}
