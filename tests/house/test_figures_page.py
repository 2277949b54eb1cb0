"""The page of the dictionary of figures is made from the dictionary, and every name in it is known."""

import subprocess
import sys

from huiyin.cases.rules.indicators import indicators
from huiyin.handbook.rules import shipped, shipped_ids
from huiyin.organization.states import Role
from tests.house.plan import ROOT


def test_the_page_of_figures_is_made_from_the_dictionary() -> None:
    told = subprocess.run([sys.executable, str(ROOT / "bin" / "figures"), "check"], capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (0, b"")


def test_owners_and_clauses_of_figures_exist() -> None:
    clauses = {clause.id for name in shipped_ids() for clause in shipped(name).clauses}
    assert {one.owner for one in indicators().values()} - set(Role.values) == set()
    assert {clause for one in indicators().values() for clause in one.clauses} - clauses == set()
