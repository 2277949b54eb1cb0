"""Addresses of the API."""

from django.urls import re_path
from dmr.routing import Router, path

from huiyin.api.description import described, no_such_address
from huiyin.api.views import cases, contacts, ledger

_ONE = "cases/<str:reference>"
_ACTS = (
    cases.Solutions,
    cases.Answers,
    cases.FollowUps,
    cases.HandOffs,
    cases.Acceptances,
    cases.Refusals,
    cases.Referrals,
    cases.Closings,
    cases.Reopenings,
)

router = Router(
    "api/v1/",
    [
        path("contacts", contacts.Contacts.as_view(), name="api_contacts"),
        path("cases", cases.Cases.as_view(), name="api_cases"),
        path(_ONE, cases.OneCaseView.as_view(), name="api_case"),
        *(path(f"{_ONE}/{act.name}", act.as_view(), name=f"api_{act.name.replace('-', '_')}") for act in _ACTS),
        path("duties", ledger.Duties.as_view(), name="api_duties"),
        path("search", ledger.Search.as_view(), name="api_search"),
    ],
)

urlpatterns = [
    path("api/v1/openapi.json", described(router), name="api_description"),
    router.to_urlpatterns(),
    re_path(r"^api/", no_such_address, name="api_nothing"),
]
