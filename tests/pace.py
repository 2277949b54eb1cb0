"""How much of a long proof is run: a taste with every test run, all of it with HUIYIN_WHOLE=1."""

import os

IS_WHOLE = os.environ.get("HUIYIN_WHOLE", "") == "1"


def rounds(taste: int, whole: int) -> int:
    """How many rounds to run now."""
    return whole if IS_WHOLE else taste
