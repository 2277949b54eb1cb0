"""Limits of what may be kept, and the refusals."""

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal

MOST_PHOTOS = 5
LARGEST_UPLOAD = 12 * 1024 * 1024


class WrongFile(Refusal):
    """A file that is not kept; what was written stays."""


def too_many() -> WrongFile:
    return WrongFile(_("最多 %(most)s 张照片。") % {"most": MOST_PHOTOS}, "photos")


def too_large() -> WrongFile:
    return WrongFile(_("照片太大：每张最多 12 MB。"), "photos")
