"""Tables of the organization: the company, its places, its people and its calendars."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from huiyin.organization.states import CircumstanceName, Role, SiteKind, UserKind


class Company(models.Model):
    """The one organization of this installation."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place that is looked after under one contract: estate, tower, housing centre or project."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sites")
    code = models.SlugField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=SiteKind.choices)
    name = models.CharField(_("名称"), max_length=120)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("值班电话"), max_length=40, blank=True)
    external_routes = models.TextField(_("对外投诉途径"), blank=True, help_text="one line each")
    is_open = models.BooleanField(default=False, help_text="the portal takes reports; needs a live accountable person")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_kind_known")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A unit that carries responsibility; of one site, or of the company when `site` is empty."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="departments")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="departments")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    categories = models.JSONField(default=list, help_text="category codes this department answers for")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint("company", Coalesce("site", 0), "code", name="department_once")
        ]

    def __str__(self) -> str:
        return self.name


class Cluster(models.Model):
    """组团: a group of buildings with a supervisor."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="clusters")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="cluster_once")]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="buildings")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="buildings")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["site", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "code"], name="building_once")]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A dwelling, office or dormitory room; `number` is text as on the door (0301 stays 0301)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="rooms")
    entrance = models.CharField(max_length=10, blank=True)
    number = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["building", "entrance", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "entrance", "number"], name="room_once"),
        ]

    def __str__(self) -> str:
        return "-".join(part for part in (self.building.code, self.entrance, self.number) if part)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody, or some system, with a log-in. Rights come from posts alone."""

    kind = models.CharField(max_length=10, choices=UserKind.choices, default=UserKind.STAFF)
    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("工作电话"), max_length=40, blank=True, help_text="shown to customers on receipts")
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    last_site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    generation = models.PositiveIntegerField(default=1, help_text="raised to end every session of the person")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session carries this; one that carries another is over. It changes with the password and the generation."""
        value = f"{self.password}:{self.generation}"
        return salted_hmac("huiyin.organization.session", value, secret=secret, algorithm="sha256").hexdigest()


class Post(models.Model):
    """A person holding a role over a scope: the company (no site), a site, or one cluster of it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=Role.choices)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="posts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    is_on_duty = models.BooleanField(default=False, help_text="takes what comes in without a clerk")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("site", 0),
                Coalesce("cluster", 0),
                Coalesce("department", 0),
                name="post_once",
            ),
            models.CheckConstraint(
                condition=Q(cluster__isnull=True) | Q(site__isnull=False), name="post_cluster_in_site"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class ApiToken(models.Model):
    """A key of a service account: only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"


class CalendarYear(models.Model):
    """One published year of days off and make-up days; the highest version counts."""

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    days_off = models.JSONField(help_text="ISO days")
    make_up = models.JSONField(help_text="ISO days")
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version_once")]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"

    def days(self) -> dict[str, Any]:
        return {"days_off": self.days_off, "make_up": self.make_up}


class Term(models.Model):
    """学期: one semester in a site's own academic calendar, by the period's name; both days belong to it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="terms")
    period = models.CharField(max_length=11, help_text="2026-2027-1")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["site", "first_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "period"], name="term_once"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="term_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.period}"


class Circumstance(models.Model):
    """A fact about a site that decides which duties apply there, with its reason. The newest of a name counts."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="circumstances")
    name = models.CharField(max_length=30, choices=CircumstanceName.choices)
    holds = models.BooleanField()
    reason = models.TextField(help_text="the evidence in words")
    since_on = models.DateField()
    recheck_on = models.DateField(null=True, blank=True, help_text="always given where it does not hold")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(name__in=CircumstanceName.values), name="circumstance_known"),
            models.CheckConstraint(
                condition=Q(holds=True) | Q(recheck_on__isnull=False), name="circumstance_missing_is_rechecked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.name} {self.holds}"


class RemitMatrix(models.Model):
    """分管矩阵: one version of who answers for which category in which cluster of a site. In force once it has a first day."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="remit_matrices")
    version = models.PositiveSmallIntegerField()
    effective_on = models.DateField(null=True, blank=True, help_text="empty = a draft")
    saved_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["site", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "version"], name="remit_matrix_version_once"),
            models.UniqueConstraint(
                fields=["site"], condition=Q(effective_on__isnull=True), name="remit_matrix_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} v{self.version}"


class Remit(models.Model):
    """One field of a matrix: the department or the person that answers for a category in a cluster (empty = elsewhere)."""

    matrix = models.ForeignKey(RemitMatrix, on_delete=models.CASCADE, related_name="remits")
    category = models.CharField(max_length=40)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("matrix", "category", Coalesce("cluster", 0), name="remit_once"),
            models.CheckConstraint(
                condition=Q(department__isnull=True, person__isnull=False)
                | Q(department__isnull=False, person__isnull=True),
                name="remit_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matrix_id} {self.category} {self.cluster_id}"


class Alias(models.Model):
    """Which unit of a site is meant by a section that a handbook names and nobody defines (X17)."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="aliases")
    role = models.CharField(max_length=60, help_text="the handbook's own code of the role")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "role"], name="alias_once")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.role}"


class Stamp(models.Model):
    """One row. The database gives it another value whenever places, people or calendars change (schema.py)."""

    value = models.CharField(max_length=36)

    def __str__(self) -> str:
        return self.value
