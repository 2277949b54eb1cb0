"""The people and places of the demo town; the tests play with the same cast."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from huiyin.customers import actions as customers
from huiyin.customers.models import Customer
from huiyin.customers.rules import Reached
from huiyin.handbook.actions import adopt, decide
from huiyin.handbook.queries import undecided_with
from huiyin.handbook.rules import shipped, shipped_text
from huiyin.kit.workdays import published_calendar
from huiyin.organization import actions as organization
from huiyin.organization.models import Building, Company, Department, Room, Site, User
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.organization.states import Role, SiteKind

PASSWORD = "huiyin-demo-2026"  # noqa: S105 - the demo's, printed by it
SINCE = date(2025, 12, 1)


@dataclass(frozen=True)
class Person:
    """Somebody on the staff: log-in, name, role, site code ("" = company), department code."""

    username: str
    name: str
    role: str
    site: str = ""
    department: str = ""
    phone: str = ""
    on_duty: bool = False


STAFF = (
    Person("chen", "陈晓雯", Role.SERVICE_ASSISTANT, "yulan", phone="021-5550 1101", on_duty=True),
    Person("lin", "林小梅", Role.SERVICE_ASSISTANT, "yulan", phone="021-5550 1102"),
    Person("wang", "王志强", Role.DEPARTMENT_STAFF, "yulan", "engineering", "021-5550 1103"),
    Person("liu", "刘建平", Role.DEPARTMENT_STAFF, "yulan", "order", "021-5550 1104"),
    Person("zhou", "周建国", Role.SITE_MANAGER, "yulan", phone="021-5550 1100"),
    Person("he", "何雅琴", Role.SERVICE_ASSISTANT, "hengtai", phone="021-5550 2101", on_duty=True),
    Person("sun", "孙立军", Role.DEPARTMENT_STAFF, "hengtai", "engineering", "021-5550 2102"),
    Person("zheng", "郑国华", Role.SITE_MANAGER, "hengtai", phone="021-5550 2100"),
    Person("yang", "杨思思", Role.SERVICE_ASSISTANT, "xueyuan", phone="021-5550 3101", on_duty=True),
    Person("xu", "徐大勇", Role.DEPARTMENT_STAFF, "xueyuan", "maintenance", "021-5550 3102"),
    Person("gao", "高明远", Role.SITE_MANAGER, "xueyuan", phone="021-5550 3100"),
    Person("fang", "方静", Role.QUALITY_OFFICER, phone="021-5550 0002"),
    Person("shen", "沈国梁", Role.DIRECTOR, phone="021-5550 0001"),
    Person("qian", "钱审", Role.AUDITOR),
)

SITES = (
    ("yulan", SiteKind.RESIDENTIAL, "玉兰苑", "梧桐路 88 号", "021-5550 1100"),
    ("hengtai", SiteKind.SINGLE_OWNER, "恒泰中心", "滨江大道 600 号", "021-5550 2100"),
    ("xueyuan", SiteKind.STUDENT_HOUSING, "学苑公寓", "书院路 15 号", "021-5550 3100"),
)
HANDBOOKS = {
    "yulan": ("management-office", "property-company"),
    "hengtai": ("management-office",),
    "xueyuan": ("student-housing",),
}
BUILDINGS = {
    "yulan": [(str(n), f"{n}号楼") for n in range(1, 7)],
    "hengtai": [("A", "A座"), ("B", "B座")],
    "xueyuan": [(str(n), f"学苑{n}栋") for n in range(1, 5)],
}
DEPARTMENTS = {
    "yulan": (
        ("engineering", "工程维修部", ["repair", "leak", "elevator", "water_power"]),
        ("order", "秩序环境部", ["security", "parking", "noise", "cleaning", "greenery"]),
    ),
    "hengtai": (("engineering", "工程部", ["repair", "elevator", "water_power", "leak"]),),
    "xueyuan": (("maintenance", "维修组", ["repair", "water_power"]),),
}
ROUTES = "街道办事处 021-5550 9000\n12345 市民服务热线"
DECIDED = "国庆长假以后只剩几个工作日，十月的报告提前三个工作日交，给审核和批准留出时间。"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = ("桂英", "建华", "秀兰", "志远", "婷婷", "国强", "雨桐", "浩然", "玉珍", "海燕", "子涵", "文博")


@dataclass
class Cast:
    """Everybody by the name the tests call them."""

    company: Company
    sites: dict[str, Site] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    residents: dict[str, list[Customer]] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        return actor_of(self.users[username])

    @property
    def site(self) -> Site:
        return self.sites["yulan"]

    @property
    def clerk(self) -> Actor:
        return self.actor("chen")

    @property
    def engineer(self) -> Actor:
        return self.actor("wang")

    @property
    def colleague(self) -> Actor:
        return self.actor("lin")

    @property
    def manager(self) -> Actor:
        return self.actor("zhou")

    @property
    def director(self) -> Actor:
        return self.actor("shen")

    @property
    def stranger(self) -> Actor:
        """A clerk of another site."""
        return self.actor("he")

    @property
    def resident(self) -> Customer:
        return self.residents["yulan"][0]

    @property
    def neighbor(self) -> Customer:
        return self.residents["yulan"][1]


@transaction.atomic
def settle(*, now: datetime, password: str = "", households: int = 12) -> Cast:
    """Build company, sites, staff and residents, adopt the handbooks and open the portals. `households` per site."""
    company = Company.objects.create(code="demo", name="和润物业服务有限公司", is_demo=True)
    cast = Cast(company)
    organization.load_calendar(
        published_calendar(2019, now.year + 1), source="国务院办公厅历年通知（随程序附带）", by=SYSTEM, now=now
    )
    for code, kind, name, address, phone in SITES:
        site = Site.objects.create(
            company=company, code=code, kind=kind, name=name, address=address, phone=phone, external_routes=ROUTES
        )
        cast.sites[code] = site
        for unit, label, categories in DEPARTMENTS[code]:
            Department.objects.create(company=company, site=site, code=unit, name=label, categories=categories)
    for person in STAFF:
        cast.users[person.username] = _hire(cast, person, password, now)
    for code, site in cast.sites.items():
        organization.open_site(site, by=SYSTEM, now=now)
        for handbook in HANDBOOKS[code]:
            _decide_first(cast, site, handbook, now)
            adopt(site, handbook, by=SYSTEM, now=now, effective_on=SINCE)
        cast.residents[code] = _people(site, households, now)
    return cast


def _decide_first(cast: Cast, site: Site, handbook: str, now: datetime) -> None:
    """What nobody can keep as written is decided before a handbook is adopted, by the director for the whole company."""
    for finding in undecided_with(site, shipped(handbook), shipped_text(handbook), SINCE):
        way = finding.ways_out[0].id
        decide(finding, way=way, site=None, reason=DECIDED, by=cast.director, now=now)


def _hire(cast: Cast, person: Person, password: str, now: datetime) -> User:
    user = User(username=person.username, name=person.name, phone=person.phone)
    user.set_password(password or None)
    user.save()
    site = cast.sites.get(person.site)
    department = Department.objects.filter(site=site, code=person.department).first() if site else None
    organization.appoint(
        user,
        role=person.role,
        by=SYSTEM,
        now=now,
        company=cast.company.pk,
        site=site,
        department=department,
        is_on_duty=person.on_duty,
    )
    return user


def _people(site: Site, households: int, now: datetime) -> list[Customer]:
    """Households spread over the buildings, each with a name and a mobile number of the range nobody has."""
    people = []
    buildings = [Building.objects.create(site=site, code=code, name=name) for code, name in BUILDINGS[site.code]]
    role = {"student_housing": "student", "single_owner": "tenant"}.get(site.kind, "owner")
    for count in range(households):
        building = buildings[count % len(buildings)]
        floor, door = divmod(count // len(buildings), 2)
        entrance = "1" if site.code == "yulan" else ""
        room = Room.objects.create(site=site, building=building, entrance=entrance, number=f"{floor + 1}0{door + 1}")
        name = SURNAMES[count % len(SURNAMES)] + GIVEN[(count * 7 + site.pk) % len(GIVEN)]
        phone = Reached.by_phone(f"1990{site.pk % 10}00{count:04d}")
        customer = customers.enter(site, name=name, ways=[phone], by=SYSTEM, now=now)
        customers.move_in(customer, room, role=role, by=SYSTEM, now=now, from_on=date(2024, 1, 1))
        people.append(customer)
    return people
