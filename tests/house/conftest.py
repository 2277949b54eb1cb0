"""Pages without collected static files."""

import pytest


@pytest.fixture(autouse=True)
def _plain(plain_static_files: None) -> None:
    pass
