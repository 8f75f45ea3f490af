"""Employees are found for a form: all at work, or those who hold a role today."""

from tests.customer.complaint.desk import Desk

from marketbook.customer import finding


def test_employees_are_found_by_name_and_by_the_roles_they_hold(desk: Desk) -> None:
    with desk.store.reading() as session:
        everybody = {one.id for one in finding.employees().find(session, "")}
        served = finding.employees(("service",)).find(session, "")
        assert {one.id for one in served} < everybody
        assert all(finding.employees(("service",)).get(session, one.id) == one for one in served)
        others = everybody - {one.id for one in served}
        assert [finding.employees(("service",)).get(session, one) for one in others] == [None] * len(others)
