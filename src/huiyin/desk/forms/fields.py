"""What several forms are made of."""

from typing import Any

from django import forms

from huiyin.interactions.rules import LONGEST_TEXT


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
