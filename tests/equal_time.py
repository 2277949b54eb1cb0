"""What is somebody else's takes as long to refuse as what is not there: python -m tests.equal_time [requests a kind] (S1).

Each address of one thing is asked for by turns, foreign and missing, by a manager, in an order drawn anew each time, on a
database made for it. Counted is the time of this processor, so that neighbors on the machine do not count: on SQLite that is
everything. Told is the ratio of the medians with its interval of 95 % by a thousand redrawings.
"""

import gc
import os
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

MOST = 0.20  # of difference that the promise allows


def main(count: int) -> int:
    """Print one line an address; 1 where one is farther apart than the promise allows."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
    os.environ.setdefault("HUIYIN_HOME", tempfile.mkdtemp())
    django.setup()
    from django.test.runner import DiscoverRunner
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    runner = DiscoverRunner(verbosity=0)
    made = runner.setup_databases()
    try:
        return _told(count)
    finally:
        runner.teardown_databases(made)
        teardown_test_environment()


def _told(count: int) -> int:
    from django.conf import settings

    from huiyin.access import clock
    from tests.conftest import NOW
    from tests.house.access_world import addresses, marked
    from tests.town import settled

    settings.MEDIA = Path(tempfile.mkdtemp())
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    clock.now = lambda: NOW
    cast = settled(now=NOW - timedelta(days=300), households=1)
    things = {code: marked(cast, site, NOW) for code, site in cast.sites.items()}
    pairs: dict[str, dict[str, str]] = {}
    for one in addresses(things, "yulan"):
        if one.which in {"foreign", "missing"} and not one.path.startswith("/api/"):
            pairs.setdefault(one.route, {})[one.which] = one.path
    client, dice, far = _visitor(cast), random.Random(26), []
    for route, paths in sorted(pairs.items()):
        spans = measured(client, paths, count, dice)
        if len(spans) < 2:  # whoever holds a link is its owner; pages that answer a redirection
            continue
        ratio, low, high = compared(spans["foreign"], spans["missing"], dice)
        far += [route] if not 1 - MOST <= ratio <= 1 + MOST else []
        told = f"foreign/missing {ratio:5.3f} ({low:.3f} to {high:.3f})"
        print(f"{route:22} {median(spans['missing']) * 1000:6.2f} ms  {told}")
    print("FARTHER APART: " + ", ".join(far) if far else f"all within {MOST:.0%}")
    return 1 if far else 0


def _visitor(cast: Any) -> "Client":
    from django.test import Client

    client = Client()
    client.force_login(cast.users["zhou"])
    return client


def measured(client: "Client", paths: dict[str, str], count: int, dice: random.Random) -> dict[str, list[float]]:
    """Seconds of each request; nothing where the address is not answered by "missing" for both."""
    if {client.get(path).status_code for path in paths.values()} != {404}:
        return {}
    spans: dict[str, list[float]] = {which: [] for which in paths}
    gc.disable()
    for _round in range(count):
        for which in dice.sample(sorted(paths), len(paths)):
            began = process_time()
            client.get(paths[which])
            spans[which].append(process_time() - began)
    gc.enable()
    return spans


def compared(foreign: list[float], missing: list[float], dice: random.Random) -> tuple[float, float, float]:
    """Ratio of the medians and its interval."""
    drawn = sorted(
        median(dice.choices(foreign, k=len(foreign))) / median(dice.choices(missing, k=len(missing)))
        for _turn in range(1000)
    )
    return median(foreign) / median(missing), drawn[25], drawn[974]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
