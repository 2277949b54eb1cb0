"""The shared look is tested without collected static files and without the faces that wear it."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _alone(settings: Settings, plain_static_files: None) -> None:
    settings.ROOT_URLCONF = "tests.ui.addresses"
