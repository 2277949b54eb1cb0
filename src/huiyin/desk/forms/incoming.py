"""A list that is brought in at the desk."""

from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from huiyin.kit.tables import LARGEST_FILE

ENDINGS = (".xlsx", ".xls", ".csv")


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("表格文件"),
        max_length=120,
        help_text=_(".xlsx、.xls 或 .csv，最多 20 MB"),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuses by ending and size before a byte is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError(_("只收 .xlsx、.xls 和 .csv。"))
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("文件太大：最多 20 MB。"))
        return file
