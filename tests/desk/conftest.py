"""The desk's pages at a still clock."""

import pytest


@pytest.fixture(autouse=True)
def _here(plain_static_files: None, still_clock: None) -> None:
    pass
