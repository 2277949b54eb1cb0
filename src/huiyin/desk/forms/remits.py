"""The remit matrix as a form: one choice a field, one a section, and the day it counts from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.fields import a_day
from huiyin.organization.rules import Holding

Choices = list[tuple[str, str]]


def field_name(category: str, cluster: str) -> str:
    return f"remit.{category}.{cluster}"


class RemitsForm(forms.Form):
    """`rows` and `columns` are (code, name) of categories and clusters; `holders` whoever may be chosen; `units` for sections."""

    on = a_day(_("从哪天起生效"), required=False, help_text=_("不填就是今天"))

    def __init__(
        self, *args: Any, rows: Choices, columns: Choices, holders: Any, units: Choices, **kwargs: Any
    ) -> None:
        self.sections: Choices = kwargs.pop("sections", [])
        super().__init__(*args, **kwargs)
        self.rows, self.columns = rows, columns
        for category, name in rows:
            for cluster, group in columns:
                choices = [("", "–"), *holders]
                field = forms.ChoiceField(label=f"{name} × {group}", choices=choices, required=False)
                self.fields[field_name(category, cluster)] = field
        for role, name in self.sections:
            self.fields[f"section.{role}"] = forms.ChoiceField(
                label=name, choices=[("", _("还没有对应")), *units], required=False
            )

    def table(self) -> list[dict[str, Any]]:
        """The matrix as rows of bound fields, for the page."""
        return [
            {"name": name, "cells": [self[field_name(category, cluster)] for cluster, _group in self.columns]}
            for category, name in self.rows
        ]

    def section_fields(self) -> list[Any]:
        return [self[f"section.{role}"] for role, _name in self.sections]

    def holdings(self) -> list[Holding]:
        """What was chosen; a field that came twice stands twice, so that the rule can refuse it."""
        return list(self._chosen())

    def _chosen(self) -> Iterable[Holding]:
        sent = self.data.getlist if hasattr(self.data, "getlist") else lambda name: [self.data.get(name, "")]
        for category, _name in self.rows:
            for cluster, _group in self.columns:
                for holder in sent(field_name(category, cluster)):
                    if holder:
                        yield Holding(category, cluster, holder)

    def mapped(self) -> Mapping[str, int]:
        chosen = {role: self.cleaned_data[f"section.{role}"] for role, _name in self.sections}
        return {role: int(unit) for role, unit in chosen.items() if unit}
