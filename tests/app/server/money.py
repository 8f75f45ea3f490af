"""A plan in force, vendors and a second finance person in the demo company, made by the services."""

from tests.kit.records.claims import People
from tests.office import company

from marketbook.demo.people import PASSWORD
from marketbook.kit.records import account, person, roles
from marketbook.kit.store import Store

MONTH = f"{roles.today():%Y-%m}"
LINES = {("advertising", "搜索广告"): 5_000_000, ("promotion", "展会物料"): 1_000_000, ("channel", "门店陈列"): 300_000}
"""What the plan has this month, in fen, by category and item."""


def party(store: Store, login: str) -> int:
    """The party of somebody who signs in."""
    with store.reading() as session:
        return account.named(session, login=login).party_id


def furnish(store: Store) -> company.House:
    """Bring a plan with budget lines into force, and add vendors and somebody who pays."""
    with store.writing() as session:
        for name in ("巨量引擎", "青禾印务"):
            vendor = person.add(session, kind="vendor", name=name).id
        executive = account.named(session, login="executive").party_id
        payer = person.add(session, kind="employee", name="罗思远", manager_id=executive).id
        roles.grant(session, party_id=payer, role="finance")
        account.add(session, party_id=payer, login="payer", password=PASSWORD)
    names = [name for name in People.__dataclass_fields__ if name != "payer"]
    people = People(**{name: party(store, name) for name in names}, payer=payer)
    house = company.House(store, people, deputy=0, vendor=vendor)
    lines = [{"category": c, "month": MONTH, "item": i, "original": amount} for (c, i), amount in LINES.items()]
    company.plan(house, *lines)
    return house
