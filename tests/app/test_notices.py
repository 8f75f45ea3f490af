"""Notices by apprise, to a server of the test's own: each once, in the recipient's language, with a link, no secret."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from tests.office.company import House, budget, house, submitted, transfer, walk

from marketbook.app import notices
from marketbook.kit import config
from marketbook.kit.errors import ConfigError
from marketbook.kit.records import Account, Notification, account, comments, passwords
from marketbook.kit.records.record import Record
from marketbook.kit.store import now
from marketbook.office import activity
from marketbook.office.params import ActivityEntry

__all__ = ["house"]

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise loads all of its channels

SECRET = "k3y-7f3c99aa"
PUBLIC = "https://market.example/app"


class Post:
    """A channel: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.port = 0

    def urls(self, *paths: str) -> str:
        return " ".join(f"json://127.0.0.1:{self.port}/{path}" for path in paths)

    @property
    def texts(self) -> list[str]:
        return [f"{told['title']}\n{told['message']}" for _path, told in self.heard]


@pytest.fixture
def post() -> Iterator[Post]:
    kept = Post()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.heard.append((self.path, told))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _settled(house: House, workspace: object, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Nothing is left over from the test before; the manager reads Chinese, the deputy has an account too."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with house.store.writing() as session:
        session.execute(update(Notification).values(sent_at=now()))
        for party, login, spoken in ((house.people.manager, "lu@x", "zh_Hans"), (house.people.sales, "cheng", "en")):
            if session.scalar(select(Account.id).where(Account.party_id == party)) is None:
                account.add(session, party_id=party, login=login, language=spoken, password="a long enough password")


@pytest.fixture
def line(house: House) -> int:
    """A budget line of a plan in force, whose own notices are settled."""
    made = budget(house)
    with house.store.writing() as session:
        session.execute(update(Notification).values(sent_at=now()))
    return made


def use(monkeypatch: pytest.MonkeyPatch, urls: str, *, public: str = PUBLIC) -> None:
    monkeypatch.setenv("MARKETBOOK_NOTIFY_URLS", urls)
    monkeypatch.setenv("MARKETBOOK_PUBLIC_URL", public)
    config.settings.cache_clear()


def unsent(house: House) -> int:
    with house.store.reading() as session:
        return len(notices.pending(session))


def test_a_notice_goes_out_once_in_the_recipients_language_with_its_link(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, post.urls(SECRET), public=PUBLIC + "/")
    number = submitted(house, line, 123_450)
    assert notices.send(house.store).sent == 2, "the manager, and who represents him"
    (text,) = [text for text in post.texts if "致 manager" in text]
    assert text.startswith("待审批：费用单 ¥1,234.50")
    assert f"{PUBLIC}/screens/office/decide?record={number}" in text
    assert (notices.send(house.store).sent, len(post.heard)) == (0, 2)


def test_somebodys_notices_go_out_together(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, post.urls(SECRET))
    numbers = [submitted(house, line, 8_000) for _each in range(3)]
    assert notices.send(house.store).sent == 6
    (text,) = [text for text in post.texts if text.startswith("manager")]
    assert [f"record={number}" in text for number in numbers] == [True] * 3


def test_the_owner_is_told_what_was_decided_and_whoever_is_mentioned(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, post.urls(SECRET))
    number = submitted(house, line)
    walk(house, number, ("draft", house.people.manager))
    with house.store.writing() as session:
        comments.comment(session, session.get_one(Record, number), "@auditor", actor=house.people.sales)
    notices.send(house.store)
    titles = sorted(told["title"] for _path, told in post.heard)
    assert [title.partition(":")[0].partition("：")[0] for title in titles] == ["Sent back to you", "评论中提到您"]


def test_whoever_is_given_a_task_is_told_once_with_its_link(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line
    use(monkeypatch, post.urls(SECRET))
    entry = ActivityEntry(kind="task", title="联系媒体", due_on=date(2030, 5, 31), owner_id=house.people.sales)
    with house.store.writing() as session:
        given = activity.enter(session, entry, actor=house.people.manager)
        activity.enter(session, entry, actor=house.people.sales)
        number, called = given.id, given.number
    assert (notices.send(house.store).sent, notices.send(house.store).sent) == (1, 0)
    (text,) = post.texts
    assert text.splitlines() == [
        f"Passed on to you: Activity {called}", "For sales", f"{called} 联系媒体, entered by manager",
        f"{PUBLIC}/screens/office/decide?record={number}",
    ]  # fmt: skip


def test_what_waits_no_more_was_seen_or_is_old_is_not_sent(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, post.urls(SECRET))
    gone, seen, old = (submitted(house, line) for _each in range(3))
    walk(house, gone, ("withdrawn", house.people.sales))
    with house.store.writing() as session:
        of = update(Notification)
        session.execute(of.where(Notification.record_id == seen).values(seen_at=now()))
        long_ago = now() - timedelta(days=notices.DAYS, minutes=1)
        session.execute(of.where(Notification.record_id == old).values(made_at=long_ago))
    assert (notices.send(house.store).sent, post.heard) == (0, [])


def test_a_deputy_is_told_too(house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, post.urls(SECRET))
    transfer(house, 200_000, line, None)
    assert notices.send(house.store).sent == 2
    assert [any(f"致 {name}" in text for text in post.texts) for name in ("director", "deputy")] == [True, True]


def test_a_failure_is_tried_again_and_logged_without_the_secret(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, post.urls(SECRET))
    submitted(house, line)
    post.status = 503
    with caplog.at_level(logging.INFO):
        done = notices.send(house.store)
    assert (done.sent, done.left, unsent(house)) == (0, 2, 2)
    assert "channel 1 (json) took no notice" in caplog.text
    assert SECRET not in caplog.text
    post.status = 200
    assert notices.send(house.store).sent == 2
    assert unsent(house) == 0


def test_one_channel_that_fails_keeps_no_other_and_nothing_is_sent_twice(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, f"json://127.0.0.1:9/{SECRET}?cto=1 {post.urls('good')}")
    submitted(house, line)
    done = notices.send(house.store)
    assert (done.sent, done.broken, len(post.heard)) == (2, {0}, 2)
    notices.send(house.store)
    assert len(post.heard) == 2


def test_a_channel_of_everybodys_own_is_addressed_by_the_login_name(
    house: House, line: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, post.urls("to/{login}"))
    number = submitted(house, line)
    walk(house, number, ("manager_approved", house.people.manager))
    done = notices.send(house.store)
    assert [path for path, _told in post.heard] == ["/to/cheng"]
    assert done.left == 2, "finance has no account here"


@pytest.mark.parametrize(
    ("urls", "public", "said"),
    [
        ("nonsense-k3y-7f3c99aa", PUBLIC, "place 1"),
        ("json://x/ nochannel://k3y-7f3c99aa", PUBLIC, r"place 2 \(nochannel\)"),
        ("json://k3y-7f3c99aa", "", "needs MARKETBOOK_PUBLIC_URL"),
        ("json://k3y-7f3c99aa", "market.example", "PUBLIC_URL: 'market.example'"),
    ],
)
def test_settings_by_which_nothing_could_be_sent_are_refused_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, urls: str, public: str, said: str
) -> None:
    use(monkeypatch, urls, public=public)
    with pytest.raises(ConfigError, match=said) as refused:
        notices.check()
    assert SECRET not in str(refused.value)


def test_no_repr_holds_a_channels_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, f"json://x/{SECRET}")
    assert SECRET not in repr(config.settings())
