"""The handbooks that come with the product."""

import pytest

from huiyin.handbook.rules import UnknownHandbook, defaults, shipped, shipped_ids, shipped_text


def test_the_shipped_files_are_named_as_the_contract_says() -> None:
    assert shipped_ids() == ["management-office", "property-company", "student-housing"]
    assert [shipped(name).id for name in shipped_ids()] == shipped_ids()


@pytest.mark.parametrize("name", ["", "defaults", "nothing", "../shipped/defaults", "x" * 5000])
def test_an_unknown_id_is_refused(name: str) -> None:
    with pytest.raises(UnknownHandbook):
        shipped_text(name)


def test_the_clauses_of_this_story() -> None:
    assert {name: [clause.id for clause in shipped(name).clauses] for name in shipped_ids()} == {
        "management-office": [
            *("S3.2.1.a", "S3.2.1.b", "S3.2.1.c"),
            *("S3.2.3.a", "S3.2.3.b", "S3.2.3.c", "S3.2.3.d", "S3.2.3.e"),
        ],
        "property-company": [
            *("S4.4.2.1.1.a", "S4.4.2.1.1.b", "S4.4.2.1.2.a", "S4.4.2.1.2.b"),
            *("S4.4.2.1.6.a", "S4.4.2.1.6.b", "S4.4.2.1.6.c", "S4.4.2.1.6.d"),
            *("S4.F.1", "S4.F.2", "S4.F.3"),
        ],
        "student-housing": ["S1.3", "S1.4.2.a", "S1.4.2.b"],
    }


def test_every_default_says_that_it_is_ours() -> None:
    book = defaults()
    entries = [*book.limits, *book.responses, *book.chains, *book.publications, *book.forms, *book.retention]
    assert [entry for entry in entries if not entry.ours or entry.clause] == []
    assert (book.clauses, book.recurring) == ((), ())


@pytest.mark.parametrize("name", ["management-office", "property-company", "student-housing"])
def test_a_value_of_ours_is_told_beside_its_clause(name: str) -> None:
    book = shipped(name)
    filled = {limit.clause for limit in book.limits if limit.ours}
    filled |= {clause for duty in book.recurring for step in duty.steps if step.ours for clause in step.clauses}
    assert {clause.id for clause in book.clauses if clause.ours} >= filled
