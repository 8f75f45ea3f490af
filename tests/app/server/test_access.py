"""Who may open what: every role at every page and endpoint, kernels for their owner only, and roles that are lost."""

import pytest
from tests.app.server.channel import Channel, kernel_of, refused
from tests.app.server.conftest import Served
from tests.app.server.trial import SCREENS

from marketbook.app import catalogue
from marketbook.app.server.live.kernels import GONE
from marketbook.kit.records import account, person, roles

ROLES = list(person.ROLES)
SOMEBODY = "00000000-0000-4000-8000-000000000000"


def reports() -> dict[str, tuple[str, ...]]:
    """Our reports and who may open them."""
    return {f"/reports/{one.name}": one.roles for one in catalogue.reports()}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_past_the_door_of_its_reports_and_of_no_others(common: Served, role: str) -> None:
    client, allowed = common.someone(role), reports()
    opened = {path: client.get(f"{path}?no_such_parameter=1").status for path in allowed}
    assert opened == {path: 400 if role in may else 403 for path, may in allowed.items()}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_the_other_endpoints_of_what_it_may_not_open(common: Served, role: str) -> None:
    client = common.someone(role)
    shut = [path for path, may in reports().items() if role not in may]
    screens = [f"/screens/trial/{name}" for name, (may, _cell) in SCREENS.items() if role not in may]
    files = [f"{path}/runs/20250101-000000-1/{file}" for path in shut for file in ("report.html", "tables.xlsx")]
    assert {client.get(path).status for path in (*screens, *files, *(f"{path}/publish" for path in shut))} <= {403}
    assert {client.post(f"{path}/publish", query="").status for path in shut} <= {403}


@pytest.mark.parametrize("role", ROLES)
def test_the_home_page_leads_to_what_a_role_may_open_and_nowhere_else(common: Served, role: str) -> None:
    text = common.someone(role).get("/").text
    told = {path for path in reports() if f'href="{path}"' in text or f'href="{path}?' in text}
    assert told <= {path for path, may in reports().items() if role in may}


@pytest.mark.parametrize("role", ["executive", "sales", "service", "auditor", "admin"])
def test_who_may_read_a_report_may_not_therefore_publish_it(common: Served, role: str) -> None:
    client = common.someone(role)
    assert {client.post(f"{path}/publish", query="").status for path in reports()} == {403}


def test_a_kernel_is_its_owners_alone(common: Served) -> None:
    owner, other = common.someone("manager"), common.someone("specialist")
    again = common.signed_in("manager")
    kernel = kernel_of(owner, "/screens/trial/slider")
    for client in (other, again):
        answers = [client.get(f"/api/kernels/{kernel}"), client.request("DELETE", f"/api/kernels/{kernel}?_xsrf=")]
        answers.append(client.request("DELETE", f"/api/kernels/{kernel}", headers={"X-XSRFToken": client.token}))
        answers.append(client.post(f"/voila/api/shutdown/{kernel}"))
        assert [answer.status for answer in answers] == [404, 403, 404, 404]
        assert refused(client, kernel) == 404
    assert owner.get(f"/api/kernels/{kernel}").json["id"] == kernel
    assert refused(owner, kernel) == 0


def test_nobody_reaches_a_kernel_without_signing_in(common: Served) -> None:
    owner, nobody = common.someone("manager"), common.client()
    kernel = kernel_of(owner, "/screens/trial/slider")
    assert nobody.get(f"/api/kernels/{kernel}").status == 403
    assert nobody.post(f"/voila/api/shutdown/{kernel}").status == 403
    assert refused(nobody, kernel) == 403
    assert owner.get(f"/api/kernels/{kernel}").status == 200


def test_what_is_not_told_of_another_ones_kernel_is_whether_there_is_one(common: Served) -> None:
    owner, other = common.someone("manager"), common.someone("specialist")
    there, not_there = kernel_of(owner, "/screens/trial/slider"), SOMEBODY
    told = [other.get(f"/api/kernels/{kernel}") for kernel in (there, not_there)]
    assert told[0].body == told[1].body
    assert (refused(other, there), refused(other, not_there)) == (404, 404)


@pytest.mark.parametrize("action", ["interrupt", "restart"])
def test_a_kernel_is_neither_interrupted_nor_restarted_from_outside(common: Served, action: str) -> None:
    client = common.someone("manager")
    kernel = kernel_of(client, "/screens/trial/slider")
    assert client.post(f"/api/kernels/{kernel}/{action}").status == 404
    assert client.request("POST", "/api/kernels", body=b"{}", headers={"X-XSRFToken": client.token}).status == 404


def test_a_role_that_is_lost_ends_the_page_that_it_opened(common: Served) -> None:
    with common.store.writing() as session:
        party = account.named(session, login="admin").party_id
        extra = roles.grant(session, party_id=party, role="specialist").id
    client = common.signed_in("admin")
    kernel = kernel_of(client, "/screens/trial/slider")
    with Channel(client, kernel) as channel:
        with common.store.writing() as session:
            roles.end(session, grant_id=extra)
        channel.heard(until="closed")
        assert channel.close_code == GONE
    assert (client.get(f"/api/kernels/{kernel}").status, client.get("/screens/trial/slider").status) == (404, 403)
