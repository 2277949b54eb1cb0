"""The people and places of the demo town; the tests play with the same cast."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.customers import actions as customers
from huiyin.customers.models import Customer
from huiyin.customers.rules import Reached
from huiyin.engineering import actions as engineering
from huiyin.engineering.rules import Milestones
from huiyin.handbook.actions import adopt, decide
from huiyin.handbook.queries import undecided_with
from huiyin.handbook.rules import shipped, shipped_text
from huiyin.kit.workdays import published_calendar
from huiyin.organization import actions as organization
from huiyin.organization.models import Building, Cluster, Company, Department, Room, Site, User
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.organization.states import Role, SiteKind

PASSWORD = "huiyin-demo-2026"  # noqa: S105 - the demo's, printed by it
SINCE = date(2025, 12, 1)


@dataclass(frozen=True)
class Person:
    """Somebody on the staff: log-in, name, role, site code ("" = company), department and cluster code."""

    username: str
    name: str
    role: str
    site: str = ""
    department: str = ""
    phone: str = ""
    on_duty: bool = False
    cluster: str = ""


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
    Person("luo", "罗佳", Role.CLUSTER_SUPERVISOR, "xueyuan", phone="021-5550 3103", cluster="east"),
    Person("song", "宋平", Role.CLUSTER_SUPERVISOR, "xueyuan", phone="021-5550 3104", cluster="west"),
    Person("jin", "金秀珍", Role.DUTY_OFFICER, "xueyuan", phone="021-5550 3105"),
    Person("guo", "郭涛", Role.QUALITY_ENGINEER, "binjiang", "quality", "021-5550 4101"),
    Person("ding", "丁磊", Role.QUALITY_INSPECTOR, "binjiang", "quality", "021-5550 4102"),
    Person("xie", "谢文静", Role.PROJECT_PLANNER, "binjiang", "planning", "021-5550 4103"),
    Person("han", "韩志刚", Role.SITE_MANAGER, "binjiang", phone="021-5550 4100"),
    Person("fang", "方静", Role.QUALITY_OFFICER, phone="021-5550 0002"),
    Person("shen", "沈国梁", Role.DIRECTOR, phone="021-5550 0001"),
    Person("qian", "钱审", Role.AUDITOR),
    Person("tang", "唐文博", Role.GENERAL_MANAGER, phone="021-5550 0003"),
    Person("jiang", "姜海燕", Role.ASSISTANT_GENERAL_MANAGER, phone="021-5550 0004"),
    Person("cao", "曹玉珍", Role.FINANCE_OFFICER, phone="021-5550 0005"),
    Person("yan", "严国强", Role.OPERATIONS_OFFICER, phone="021-5550 0006"),
)

SITES = (
    ("yulan", SiteKind.RESIDENTIAL, "玉兰苑", "梧桐路 88 号", "021-5550 1100"),
    ("hengtai", SiteKind.SINGLE_OWNER, "恒泰中心", "滨江大道 600 号", "021-5550 2100"),
    ("xueyuan", SiteKind.STUDENT_HOUSING, "学苑公寓", "书院路 15 号", "021-5550 3100"),
    ("binjiang", SiteKind.ENGINEERING, "滨江新苑二期", "滨江大道 900 号", "021-5550 4100"),
)
HANDBOOKS = {
    "yulan": ("management-office", "property-company"),
    "hengtai": ("management-office",),
    "xueyuan": ("student-housing",),
    "binjiang": ("engineering-project",),
}
BUILDINGS = {
    "yulan": [(str(n), f"{n}号楼") for n in range(1, 7)],
    "hengtai": [("A", "A座"), ("B", "B座")],
    "xueyuan": [(str(n), f"学苑{n}栋") for n in range(1, 5)],
    "binjiang": [(str(n), f"{n}号楼") for n in range(1, 4)],
}
CLUSTERS = {"xueyuan": (("east", "东区组团", ("1", "2")), ("west", "西区组团", ("3", "4")))}
DEPARTMENTS = {
    "yulan": (
        ("engineering", "工程维修部", ["repair", "leak", "elevator", "water_power"]),
        ("order", "秩序环境部", ["security", "parking", "noise", "cleaning", "greenery"]),
    ),
    "hengtai": (("engineering", "工程部", ["repair", "elevator", "water_power", "leak"]),),
    "xueyuan": (("maintenance", "维修组", ["repair", "water_power"]),),
    "binjiang": (
        ("quality", "工程安质部", ["repair", "leak", "water_power", "elevator"]),
        ("planning", "项目计划部", []),
    ),
}
SPEAKERS = {  # organizations that speak for others: (role, name, telephone)
    "hengtai": (("client", "恒泰置业有限公司", "021-5550 2900"),),
    "binjiang": (
        ("developer", "滨江城建开发有限公司", "021-5550 4900"),
        ("client", "滨江城建开发有限公司", "021-5550 4900"),
        ("supervising_engineer", "正信工程监理有限公司", "021-5550 4901"),
    ),
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
        for number, label in BUILDINGS[code]:
            Building.objects.create(site=site, code=number, name=label)
        _clusters(site)
    hashed = make_password(password or None)  # the same for all, hashed once: hashing is slow on purpose
    for person in STAFF:
        cast.users[person.username] = _hire(cast, person, hashed, now)
    for code, site in cast.sites.items():
        organization.open_site(site, by=SYSTEM, now=now)
        for handbook in HANDBOOKS[code]:
            _decide_first(cast, site, handbook, now)
            adopt(site, handbook, by=SYSTEM, now=now, effective_on=SINCE)
        cast.residents[code] = _people(site, households, now)
        _speakers(site, cast.residents[code], now)
    _circumstances(cast, now)
    _terms(cast.sites["xueyuan"], now)
    _project(cast.sites["binjiang"], now)
    return cast


def _clusters(site: Site) -> None:
    for code, name, buildings in CLUSTERS.get(site.code, ()):
        cluster = Cluster.objects.create(site=site, code=code, name=name)
        Building.objects.filter(site=site, code__in=buildings).update(cluster=cluster)


def _speakers(site: Site, people: list[Customer], now: datetime) -> None:
    """The organizations that speak for others, and the people among the customers who do."""
    known: dict[str, Customer] = {}
    for role, name, phone in SPEAKERS.get(site.code, ()):
        if name not in known:
            ways = [Reached.by_phone(phone)]
            known[name] = customers.enter(site, name=name, ways=ways, by=SYSTEM, now=now, kind="organization")
        customers.give_mandate(known[name], role=role, from_on=date(2024, 1, 1), by=SYSTEM, now=now)
    speaker = {"residential": "committee_chair", "student_housing": "student_representative"}.get(site.kind)
    if speaker:
        customers.give_mandate(people[-1], role=speaker, from_on=date(2024, 5, 12), by=SYSTEM, now=now)


def _circumstances(cast: Cast, now: datetime) -> None:
    reason = "2024 年 5 月 12 日业主大会选举产生，街道办事处已经备案。"
    organization.state_circumstance(
        cast.site, name="owners_committee", holds=True, reason=reason, since_on=date(2024, 5, 12), by=SYSTEM, now=now
    )


def _terms(site: Site, now: datetime) -> None:
    """Two semesters of twenty weeks a year, from two school years ago to the one after next, Monday to Friday."""
    for year in range(now.year - 2, now.year + 3):
        for number, begins in ((1, date(year, 9, 1)), (2, date(year + 1, 2, 20))):
            first = begins + timedelta(days=-begins.weekday() % 7)
            last = first + timedelta(weeks=20, days=-3)
            period = f"{year}-{year + 1}-{number}"
            organization.set_term(site, period=period, first_on=first, last_on=last, by=SYSTEM, now=now)


def _project(site: Site, now: datetime) -> None:
    """A project accepted the summer before last: what the law names is under warranty, and two parts by contract."""
    names = {"contractor": "和润建设工程有限公司", "client": "滨江城建开发有限公司"}
    project = engineering.open_project(site, **names, by=SYSTEM, now=now)
    year = now.year - 1
    days = Milestones(date(year - 3, 9, 15), date(year - 2, 2, 20), date(year, 6, 20), date(year, 8, 30))
    project = engineering.record_phases(project, days=days, by=SYSTEM, now=now)
    engineering.add_laid_down_parts(project, by=SYSTEM, now=now)
    for kind, name, years in (("services", "电梯", 5), ("other", "景观绿化养护", 2)):
        engineering.add_part(project, kind=kind, name=name, amount=years, by=SYSTEM, now=now)


def _decide_first(cast: Cast, site: Site, handbook: str, now: datetime) -> None:
    """What nobody can keep as written is decided before a handbook is adopted, by the director for the whole company."""
    for finding in undecided_with(site, shipped(handbook), shipped_text(handbook), SINCE):
        way = finding.ways_out[0].id
        decide(finding, way=way, site=None, reason=DECIDED, by=cast.director, now=now)


def _hire(cast: Cast, person: Person, hashed: str, now: datetime) -> User:
    user = User.objects.create(username=person.username, name=person.name, phone=person.phone, password=hashed)
    site = cast.sites.get(person.site)
    department = Department.objects.filter(site=site, code=person.department).first() if site else None
    cluster = Cluster.objects.filter(site=site, code=person.cluster).first() if person.cluster else None
    organization.appoint(
        user,
        role=person.role,
        by=SYSTEM,
        now=now,
        company=cast.company.pk,
        site=site,
        department=department,
        cluster=cluster,
        is_on_duty=person.on_duty,
    )
    return user


def _people(site: Site, households: int, now: datetime) -> list[Customer]:
    """Households spread over the buildings, each with a name and a mobile number of the range nobody has."""
    people = []
    buildings = list(Building.objects.filter(site=site).order_by("pk"))
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
