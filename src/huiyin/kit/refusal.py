"""Why something cannot be done, in words a person may read."""

from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refusal(Exception):  # noqa: N818
    """A rule says no. `message` may be shown to a person; `field` names what to correct, where there is such a thing."""

    def __init__(self, message: Union[str, "_StrPromise"], field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
