"""What several forms are made of."""

from typing import Any

from django import forms

from huiyin.interactions.rules import LONGEST_TEXT
from huiyin.kit.refusal import Refusal


def words(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def yes_or_no(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    """Two words to choose from, none of them chosen yet; gives True or False."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda code: code == "yes",
        widget=forms.RadioSelect,
    )


def a_day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class Insisting(forms.Form):
    """A form whose last fields are asked only after a refusal: the words may stay all the same, once that was read."""

    over: type[Refusal] = Refusal
    beside = ""  # the field at which the refusal is said; none = the one it names
    later: tuple[str, ...] = ()  # the last is sent whatever the person chose, so it tells that all were asked

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.later[-1] not in (data or {}):
            for name in self.later:
                del self.fields[name]

    def refuse(self, refusal: Refusal) -> None:
        """Say what was refused, and ask whether the words stay."""
        for name in self.later:
            self.fields.setdefault(name, self.base_fields[name])
        self.add_error(self.beside or refusal.field, self.told(refusal))

    def told(self, refusal: Refusal) -> str | list[str]:
        return str(refusal)
