"""How forms are set: our own markup for the whole form and for each field. Settings: FORM_RENDERER."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; how many and which are kept is decided by records."""

    def __init__(self, accept: str, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        return [one for one in data or [] if one]


class Renderer(TemplatesSetting):
    """Error summary with links first, then each field as label, help, error, widget."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
