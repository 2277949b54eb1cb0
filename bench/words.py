"""Made-up messages of residents: 100 to 310 characters, with building and room, some with English inside. Nobody's real words."""

from random import Random

CATEGORIES = (
    "repair",
    "leak",
    "elevator",
    "water_power",
    "cleaning",
    "security",
    "parking",
    "noise",
    "greenery",
    "fees",
)
TROUBLES = {
    "repair": (
        "单元门的闭门器松了，一关就是一声巨响",
        "楼道的窗户合不上，下雨就往里潲水",
        "信箱的锁坏了一排，没有人修",
    ),
    "leak": (
        "卫生间的天花板漏水，已经滴到电灯旁边",
        "外墙裂缝渗水，墙皮起了一大片",
        "楼上阳台的地漏漏水，衣服晾不出去",
    ),
    "elevator": (
        "电梯又停在两层之间，按铃没有人应",
        "the elevator stops at every floor，等一趟要十分钟",
        "电梯里的风扇坏了，夏天闷得喘不过气",
    ),
    "water_power": (
        "早上水压很低，洗澡只有一条细线",
        "楼道的灯连着坏了三盏，晚上看不清台阶",
        "公共充电桩常常跳闸，车充不满",
    ),
    "cleaning": (
        "垃圾桶两天没有清，味道传到家里",
        "地下车库的地面一层灰，走过就是脚印",
        "楼梯扶手黏黏的，像是很久没有擦",
    ),
    "security": (
        "陌生人跟着业主就进来了，门岗没有问一句",
        "夜里巡逻看不到人，电动车的电池被拆",
        "监控的屏幕黑着，问了说在等零件",
    ),
    "parking": (
        "固定车位总被外来车占着，打电话也挪不走",
        "消防通道停满了车，救护车开不进来",
        "访客停车收费和公示的不一样",
    ),
    "noise": ("楼上装修到晚上十点，孩子没法写作业", "广场的音响从早响到晚，关窗也没有用", "水泵房嗡嗡地响，夜里睡不着"),
    "greenery": ("树枝长到二楼窗前，虫子往屋里爬", "草坪被踩出一条路，下雨全是泥", "喷灌的时间不对，上班时淋一身水"),
    "fees": (
        "这个月的公摊比上个月多了一倍，没有说明",
        "the WiFi in the lobby costs extra，合同里没有写",
        "押金说好一周退，等了一个月",
    ),
}
STARTS = (
    "您好，我是{place}的住户。",
    "物业的同志：",
    "已经是第三次反映了，",
    "想请你们来看一下，",
    "昨天晚上回家时发现，",
    "我家住{place}，",
)
MIDDLES = (
    "前后打过两次电话，前台说记下了，到现在没有下文。",
    "家里有八十岁的老人和刚上学的孩子，进出都很不方便。",
    "隔壁几户也碰到同样的情况，我们在群里说过，没有人回答。",
    "拍了照片，需要的话可以发过来，也可以随时上门来看。",
    "上次修过一回，管了不到半个月又是老样子。",
    "平时我们都按时交费，希望事情有人管，有个日子。",
    "I work from home and it happens every morning，影响开会。",
    "问了保洁和保安，都说不归他们管，不知道该找谁。",
)
ENDS = (
    "请给一个能修好的日子。",
    "希望尽快处理，并告诉我结果。",
    "麻烦安排人来看看，谢谢。",
    "如果不能解决，也请说明原因。",
)
RARE = "楼下有人养鹦鹉，清早就学人说话。"
RARE_EVERY = 2_500
SEARCHED = ("漏水", "鹦鹉", "elevator")
SURNAMES, GIVEN = (
    "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张",
    ("明", "秀英", "建国", "小雨", "志强", "丽", "海涛", "文静"),
)


def room(random: Random) -> tuple[int, str]:
    """(building 1 to 6, what people write): 3号楼2单元1502室."""
    building = random.randint(1, 6)
    return building, f"{building}号楼{random.randint(1, 4)}单元{random.randint(1, 24)}0{random.randint(1, 4)}室"


def message(random: Random, place: str, category: str, serial: int) -> str:
    """One message of 100 to 310 characters about a category at a place."""
    other = random.choice(TROUBLES[random.choice(CATEGORIES)])
    parts = [random.choice(STARTS).format(place=place), place, random.choice(TROUBLES[category]), "。"]
    if random.random() < 0.3:
        parts += ["另外", other, "。"]
    if serial % RARE_EVERY == 7:
        parts.append(RARE)
    parts += random.sample(MIDDLES, k=random.randint(2, 5))
    text = "".join(parts)[: 310 - 14] + random.choice(ENDS)
    return text if len(text) >= 100 else text + "".join(MIDDLES[:3])[: 120 - len(text)]


def name(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(GIVEN)
