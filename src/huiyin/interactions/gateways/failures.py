"""How a delivery can fail."""


class TryLater(Exception):  # noqa: N818
    """A passing trouble: the message is tried again."""


class NeverArrives(Exception):  # noqa: N818
    """A lasting trouble: the message goes to the dead letters, where a person sees it."""
