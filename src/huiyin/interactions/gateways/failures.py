"""How a delivery can fail."""


class TryLater(Exception):  # noqa: N818
    """A passing trouble: the message is tried again."""


class OutOfReach(TryLater):
    """The provider itself does not answer or does not let us in: no message's fault, so that none loses a try by it."""


class MaybeTaken(TryLater):
    """No answer was heard after the message had been handed over: whether it was taken, nobody here knows."""


class NeverArrives(Exception):  # noqa: N818
    """A lasting trouble: the message goes to the dead letters, where a person sees it."""
