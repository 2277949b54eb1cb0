"""What of a person's words still has to be kept, and until when."""

from datetime import date, datetime, timedelta

from django.db.models import (
    Max,
    Q,
    QuerySet,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.rules import GONE, KEPT_YEARS, Needed
from huiyin.cases.states import State
from huiyin.customers.models import Customer
from huiyin.interactions.models import Interaction
from huiyin.kit.counting import months_after


def keeps(customer: Customer, *, on: date) -> list[Needed]:
    """Why somebody's data is still needed on that day; empty where it may be deleted."""
    lives = Q(until_on__isnull=True) | Q(until_on__gt=on)
    needed = []
    if customer.occupancies.filter(lives).exists():
        needed.append(Needed("lives_here", _("还登记着住在这里，服务合同要用这些资料；先登记搬离。")))
    if customer.mandates.filter(lives).exists():
        needed.append(Needed("speaks_for_others", _("还登记着代表别人；先结束这个身份。")))
    if Case.objects.filter(customer=customer).exclude(state=State.CLOSED).exists():
        needed.append(Needed("open_case", _("还有没办完的事项；办完以后再删。")))
    return needed


def kept_until(customer: Customer) -> date | None:
    """The last day that words of a person's matters are kept: three years after the newest was closed."""
    newest = Case.objects.filter(customer=customer).aggregate(newest=Max("closed_at"))["newest"]
    return months_after(timezone.localdate(newest), 12 * KEPT_YEARS) if newest else None


def contacts_past_keeping(customer: Customer, *, now: datetime) -> QuerySet[Interaction]:
    """A person's contacts whose matter was closed, or which were answered, more than three years ago, not emptied yet."""
    before = now - timedelta(days=366 * KEPT_YEARS)
    closed = Case.objects.filter(customer=customer, closed_at__lt=before).values("reference")
    over = Q(subject__in=closed) | Q(subject__isnull=True, occurred_at__lt=before)
    return Interaction.objects.filter(customer=customer).filter(over).exclude(situation=GONE)
