"""The first assessment of a case: five questions and the urgency that they come to (ISO 10002, 7.5). Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import Affected, Complexity, Severity, Urgency
from huiyin.kit.refusal import Refusal


class WrongAssessment(Refusal):
    def __init__(self, field: str) -> None:
        super().__init__(_("没有这个选项。"), field)


@dataclass(frozen=True)
class Triage:
    """What was found. `severity` 1 to 4, 4 the gravest; None = nobody said."""

    is_safety: bool = False
    severity: int | None = None
    affected: str = Affected.ONE.value
    is_immediate: bool = False
    complexity: str = Complexity.SIMPLE.value

    @property
    def urgency(self) -> Urgency:
        """Safety forces the emergency clock, whatever the rest says."""
        if self.is_safety:
            return Urgency.DANGER
        if self.is_immediate or self.severity == Severity.GRAVE:
            return Urgency.URGENT
        if self.severity == Severity.SEVERE or self.affected == Affected.MANY:
            return Urgency.SERIOUS
        return Urgency.NORMAL

    def checked(self) -> "Triage":
        """Refuses what is on none of the lists."""
        if self.severity is not None and self.severity not in Severity.values:
            raise WrongAssessment("severity")
        if self.affected not in Affected.values:
            raise WrongAssessment("affected")
        if self.complexity not in Complexity.values:
            raise WrongAssessment("complexity")
        return self

    def as_values(self) -> dict[str, str | int | bool | None]:
        """For the event: the answers and what they came to."""
        return {
            "urgency": self.urgency.value,
            "is_safety": self.is_safety,
            "severity": self.severity,
            "affected": self.affected,
            "is_immediate": self.is_immediate,
            "complexity": self.complexity,
        }


AT_INTAKE: dict[str, Triage] = {
    Urgency.DANGER: Triage(is_safety=True),
    Urgency.URGENT: Triage(is_immediate=True),
    Urgency.SERIOUS: Triage(severity=Severity.SEVERE),
    Urgency.NORMAL: Triage(severity=Severity.NOTICEABLE),
}


def at_intake(urgency: str) -> Triage | None:
    """The one choice of the duty log as an assessment; None where nobody chose. Refuses other words."""
    if not urgency:
        return None
    if urgency not in AT_INTAKE:
        raise WrongAssessment("urgency")
    return AT_INTAKE[urgency]
