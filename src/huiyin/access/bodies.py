"""What is sent to us comes whole or not at all."""

from typing import BinaryIO


class CutOff(OSError):  # noqa: N818
    """The line ended before the body did. Django makes a request that cannot be read of it: 403 on pages, 400 at the API."""


class Whole:
    """A request's body that raises CutOff where fewer bytes come than were asked for.

    Django asks for what Content-Length told and no more. Without this a form cut off in the middle would be read as if the
    rest had been left empty, and half of somebody's words kept.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        while size > len(data):
            more = self.stream.read(size - len(data))
            if not more:
                raise CutOff
            data += more
        return data

    def readline(self, size: int = -1) -> bytes:
        return self.stream.readline(size)
