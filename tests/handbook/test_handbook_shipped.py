"""The handbooks that come with the product."""

from typing import get_args

import pytest

from huiyin.handbook.rules import UnknownHandbook, defaults, shipped, shipped_ids, shipped_text
from huiyin.handbook.states import READY, Means


def test_the_shipped_files_are_named_as_the_contract_says() -> None:
    assert shipped_ids() == [
        "engineering-project",
        "management-office",
        "property-company",
        "residential-community",
        "student-housing",
    ]
    assert [shipped(name).id for name in shipped_ids()] == shipped_ids()


@pytest.mark.parametrize("name", ["", "defaults", "nothing", "../shipped/defaults", "x" * 5000])
def test_an_unknown_id_is_refused(name: str) -> None:
    with pytest.raises(UnknownHandbook):
        shipped_text(name)


def test_the_five_procedures_are_complete() -> None:
    """Every clause of the source's five procedures, each once, under its own number."""
    assert {name: len({clause.id for clause in shipped(name).clauses}) for name in shipped_ids()} == {
        "engineering-project": 21,
        "management-office": 48,
        "property-company": 55,
        "residential-community": 12,
        "student-housing": 29,
    }
    prefixes = {"S1": "student-housing", "S2": "engineering-project", "S3": "management-office"}
    prefixes |= {"S4": "property-company", "S5": "residential-community"}
    found = {(clause.id[:2], name) for name in shipped_ids() for clause in shipped(name).clauses}
    assert found == set(prefixes.items())


def test_each_clause_says_who_acts_and_by_what_it_is_answered() -> None:
    for name in shipped_ids():
        book = shipped(name)
        roles = {role.id for role in book.roles}
        assert [clause.id for clause in book.clauses if clause.role not in roles or not clause.by] == []


def test_a_clause_with_a_date_is_answered_by_the_ledger() -> None:
    for name in shipped_ids():
        book = shipped(name)
        dated = {clause for duty in book.recurring for step in duty.steps for clause in step.clauses}
        dated |= {quota.clause for quota in book.quotas if quota.name == "follow_up_sample"}
        answered = {clause.id for clause in book.clauses if {"duties", "reports"} & set(clause.by)}
        assert dated - answered == set()


def test_what_the_product_answers_with_is_known() -> None:
    assert set(get_args(Means)) > READY


def test_every_default_says_that_it_is_ours() -> None:
    book = defaults()
    entries = [*book.limits, *book.channels, *book.chains, *book.publications, *book.forms, *book.retention]
    assert [entry for entry in entries if not entry.ours or entry.clause] == []
    assert (book.clauses, book.recurring) == ((), ())


@pytest.mark.parametrize("name", shipped_ids())
def test_a_value_of_ours_is_told_beside_its_clause(name: str) -> None:
    book = shipped(name)
    filled = {limit.clause for limit in book.limits if limit.ours}
    filled |= {clause for duty in book.recurring for step in duty.steps if step.ours for clause in step.clauses}
    assert {clause.id for clause in book.clauses if clause.ours} >= filled
