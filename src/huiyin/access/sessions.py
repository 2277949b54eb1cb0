"""Coming in: the way from a right password to an open session, past the second factor where there is one."""

from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from huiyin.access import limits
from huiyin.access.addresses import client_address, neighborhood
from huiyin.access.factors import Factors, factors_of
from huiyin.journal import actions as journal
from huiyin.organization.models import User
from huiyin.organization.queries import actor_of, person_by_id
from huiyin.organization.rules import SYSTEM, Actor

BACKEND = "huiyin.access.sessions.Staff"
HALF_WAY = "half_way"  # who gave the right password and owes the second factor
PROVEN = "second_factor"  # how this session proved it: app, recovery, passkey
HALF_WAY_LASTS = 600
FROM_ONE_ADDRESS = limits.Limit("log_in_address", 60, 900)
LOCKED = limits.Limit("locked", 1, 900)
FOR_ONE_NAME = limits.Limit("log_in_name", 100, 3600)


class Staff(ModelBackend):
    """Who is behind a session: as Django's own, but what every page asks about the organization comes with the person."""

    def get_user(self, user_id: int) -> User | None:
        found = person_by_id(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None


def enter(request: HttpRequest, user: User, *, way: str, now: datetime) -> None:
    """Open the session, with a new key. `way`: password, app, recovery or passkey."""
    chosen = request.session.get("site")
    login(request, user, backend=BACKEND)
    request.session.pop(HALF_WAY, None)
    if way != "password":
        request.session[PROVEN] = way
    if chosen:
        request.session["site"] = chosen
    journal.record("access.logged_in", by=actor_of(user), now=now, facts={"user": user.pk, "way": way})


def go_half_way(request: HttpRequest, user: User, *, now: datetime) -> Factors:
    """Remember a right password until the second factor follows; nobody is logged in yet. Says what they have set up."""
    have = factors_of(user)
    if have:
        request.session.flush()
        request.session[HALF_WAY] = [user.pk, user.generation, int(now.timestamp())]
    return have


def who_is_half_way(request: HttpRequest, *, now: datetime) -> User | None:
    """Whoever gave the right password within ten minutes, unless it was changed or everything signed out since."""
    known = request.session.get(HALF_WAY)
    if not isinstance(known, list) or len(known) != 3 or now.timestamp() - known[2] > HALF_WAY_LASTS:
        return None
    return User.objects.filter(pk=known[0], generation=known[1], is_active=True).first()


def owes_second_factor(request: HttpRequest, actor: Actor) -> bool:
    """Whether this session decides for others on a password alone, where that is too little."""
    return must_prove(actor) and not request.session.get(PROVEN)


def must_prove(actor: Actor) -> bool:
    """Whether a password alone is too little for this person here."""
    return settings.SECOND_FACTOR == "required" and actor.approves


def check_flood(request: HttpRequest, username: str, *, now: datetime) -> None:
    """Refused where there were too many wrong tries: many names from one address, or one name from many addresses."""
    for limit, who in _counted(request, username):
        if limits.spent(limit, who, now=now) >= limit.most:
            raise limits.TooOften(limit, limits.seconds_left(limit, now))


def note_wrong_try(request: HttpRequest, username: str, *, now: datetime, way: str = "password") -> None:
    """Count a wrong try, whether or not there is somebody of that name, and put it on record. A passkey names nobody."""
    for limit, who in _counted(request, username):
        limits.spend(limit, who, now=now)
    named = way == "password" and "\0" not in username
    note_refused(User.objects.filter(username=username[:150]).first() if named else None, way=way, now=now)


def note_refused(person: User | None, *, way: str, now: datetime) -> None:
    """Put a log-in that failed on record. `way`: password or second. Of a name that nobody has, no word of it."""
    journal.record("access.refused", by=SYSTEM, now=now, facts={"user": person.pk if person else None, "way": way})


def leave(request: HttpRequest, *, now: datetime) -> None:
    """End the session. Whoever has none leaves no trace."""
    if isinstance(request.user, User):
        journal.record("access.logged_out", by=actor_of(request.user), now=now, facts={"user": request.user.pk})
    logout(request)


def _counted(request: HttpRequest, username: str) -> tuple[tuple[limits.Limit, str], ...]:
    return (FROM_ONE_ADDRESS, neighborhood(client_address(request))), (FOR_ONE_NAME, username[:60])


def locked_until(request: HttpRequest, username: str) -> datetime | None:
    """When this name may be tried again from this address."""
    tried = AccessAttempt.objects.filter(
        username=username, ip_address=client_address(request), failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    last: datetime | None = tried.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    lasts: timedelta = settings.AXES_COOLOFF_TIME
    return last + lasts if last else None


def note_lock(request: HttpRequest, username: str, *, now: datetime) -> None:
    """Put a lock on record once, however often it is run into. Of a name that nobody has, no word of it."""
    if limits.spend(LOCKED, f"{username} {client_address(request)}", now=now) == 1:
        person = User.objects.filter(username=username).first()
        journal.record("access.locked", by=SYSTEM, now=now, facts={"user": person.pk if person else None})


def unlock(username: str, *, by: Actor, now: datetime) -> int:
    """Let a name be tried again from everywhere. Returns how many locks and counts were taken away."""
    by.check_everywhere("organization.write")
    count: int = AxesProxyHandler.reset_attempts(username=username)
    person = User.objects.filter(username=username).first()
    journal.record("access.unlocked", by=by, now=now, facts={"user": person.pk if person else None, "locks": count})
    return count
