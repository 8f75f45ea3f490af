"""The first screen: what a reader of these roles has to know and to do, then everything there is to open."""

from datetime import timedelta
from functools import partial

from marketbook.app import schedule
from marketbook.app.server import access, moments, shelf
from marketbook.app.server.data import imported
from marketbook.app.server.handler import LANGUAGES, PageHandler
from marketbook.app.server.home import blocks, chapters, figures, search
from marketbook.app.server.home.blocks import Reading
from marketbook.app.server.home.summary import summary
from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types, waiting
from marketbook.kit.records.person import ROLES
from marketbook.kit.report.theme import TAGS
from marketbook.kit.store import now
from marketbook.office import agenda, story
from marketbook.office.decision_score import score

YEAR = timedelta(days=365)


class HomeHandler(PageHandler):
    """The first screen."""

    def get(self) -> None:
        """Show it, or what was searched for."""
        reading = self._reading()
        query = self.get_query_argument("q", "")[: search.LONGEST]
        values = {"query": query, "moments": moments, "tags": TAGS, "names": LANGUAGES, "chapter": chapters.title}
        values |= {"kind": lambda name: _(types.named(name).title), "money": story.money}
        values |= {"number": language.format_integer, "share": partial(language.format_percent, decimals=0)}
        if query:
            self.render_page("search.html.j2", found=search.find(query, self._entries(reading)), **values)
            return
        self.render_page(
            "home.html.j2", blocks=blocks.built(reading), summary=summary(reading), greeting=moments.greeting(),
            titles=[_(title) for role, title in ROLES.items() if role in self.reader.roles],
            said=self.get_query_argument("said", ""), **values,
        )  # fmt: skip

    def _reading(self) -> Reading:
        who = self.reader
        reports = access.opened_by(who, shelf.reports())
        watched = shelf.reports() if "admin" in who.roles else reports
        datasets = [one for one in chapters.datasets() if access.may_import_into(who, one)]
        with self.store.reading() as session:
            cards, failures = figures.cards(session, reports), figures.failures(session, watched)
            waits = waiting.inbox(session, party_id=who.party_id)
            today = agenda.of(session, party_id=who.party_id, roles=who.roles)
            decided = score(session, since=now() - YEAR)
            refused = imported.refused(session, datasets, account_id=who.account_id)
        return Reading(
            who=who,
            reports=reports,
            screens=access.opened_by(who, shelf.screens()),
            datasets=datasets,
            cards=cards,
            failures=failures,
            refused=refused,
            due=schedule.upcoming(watched, now()),
            waiting=waits,
            today=today,
            decisions=decided,
        )

    def _entries(self, reading: Reading) -> list[search.Entry]:
        return list(search.entries(reading.reports, reading.screens, reading.datasets, reading.cards))


class TodayHandler(PageHandler):
    """What the reader has to do today, as the first screen asks for it again and again."""

    def get(self) -> None:
        """Answer with that part of the page."""
        who = self.reader
        with self.store.reading() as session:
            today = agenda.of(session, party_id=who.party_id, roles=who.roles)
        self.set_header("Cache-Control", "no-store")
        self.render_page("home_today_pieces.html.j2", content=today, number=language.format_integer)
