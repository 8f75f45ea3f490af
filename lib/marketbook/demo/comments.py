"""Open answers: short comments on a theme, most in Chinese, some in English. Constants only.

Who likes the brand praises, who does not complains. A comment is an opening, a sentence and a close.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """What a comment is about: its share in percent, and sentences of praise and of complaint."""

    name: str
    share: int
    praise: tuple[str, ...]
    complaint: tuple[str, ...]
    praise_english: tuple[str, ...]
    complaint_english: tuple[str, ...]


OPENINGS = (
    "",
    "",
    "总的来说，",
    "用了一段时间，",
    "说实话，",
    "个人觉得",
    "家里用了两年，",
    "第一次买，",
    "和别家比，",
)
PRAISE_CLOSES = ("。", "！", "，会继续支持。", "，希望保持。", "，推荐给同事了。")
COMPLAINT_CLOSES = ("。", "，希望改进。", "，有点失望。", "，建议重视。", "，这一点影响复购。")
ENGLISH_OPENINGS = ("", "", "Honestly: ", "After a few months: ", "My first order: ", "Overall: ")
ENGLISH_CLOSES = (".", ", at least for me.", " so far.")
WORDLESS = (("没有", "暂时没有", "挺好的", "无"), ("没有", "暂时没有意见", "想不到", "无"))
WORDLESS_ENGLISH = (("All good", "Nothing to add"), ("No comment", "Nothing to add"))
WORDLESS_SHARE = 5

THEMES = (
    Theme(
        "品质",
        25,
        (
            "产品质量不错，做工细致",
            "东西很耐用，材质让人放心",
            "品质稳定，和描述一致",
            "锅具质量很好，不粘效果明显",
            "毛巾吸水，洗了很多次也不掉毛",
        ),
        ("收纳箱用了两个月就裂了", "质量不如以前，做工粗糙", "颜色掉得厉害，材质一般", "收到有瑕疵，质检不够严格"),
        ("The quality is really good", "Solid materials and careful workmanship", "The pan still looks new"),
        ("The box broke after two months", "Quality is not what it used to be"),
    ),
    Theme(
        "价格",
        19,
        ("活动价很合适，性价比高", "会员价划算，买得放心", "同样的品质，价格比别家低"),
        (
            "价格有点贵，希望多一些优惠",
            "性价比一般，同类产品更便宜",
            "平时偏贵，只能等大促",
            "优惠规则太复杂，算不清楚",
        ),
        ("Good value for the money", "Member prices are fair"),
        ("A bit expensive compared with others", "Prices are too high outside the big sales"),
    ),
    Theme(
        "物流",
        17,
        ("发货速度很快，第二天就到了", "快递送到家门口，很方便", "物流信息清楚，预约送货准时"),
        ("物流太慢，等了一个星期", "快递包装破损，送货态度差", "偏远地区配送时间太长", "大促期间迟迟不发货"),
        ("It arrived the next day, very fast shipping", "Delivery was right on time"),
        ("Delivery was too slow", "The parcel arrived damaged"),
    ),
    Theme(
        "客服",
        14,
        ("售后态度好，退换货很方便", "客服很耐心，帮我选到合适的型号", "投诉后当天就解决了"),
        ("客服回复很慢，问题没有解决", "退款流程太长，客服推来推去", "售后电话打不通"),
        ("Returns were easy and the staff friendly", "Customer service solved it in a day"),
        ("Customer service never answered my message", "The refund took three weeks"),
    ),
    Theme(
        "设计",
        12,
        ("外观好看，很适合小户型", "设计简洁，放在家里很搭", "配色高级，朋友来了都问"),
        ("颜色比图片上淡，款式单一", "设计不实用，清洗麻烦", "新款太少，看来看去都一样"),
        ("I love the simple design", "It looks great in a small flat"),
        ("More colours would be nice", "Hard to clean because of its shape"),
    ),
    Theme(
        "包装",
        7,
        ("包装很用心，送人也合适", "环保纸箱值得点赞，少用塑料"),
        ("过度包装，不够环保", "包装盒太薄，压坏了"),
        ("Nice gift box", "Good to see paper in place of plastic"),
        ("Too much plastic in the packaging", "The box was crushed"),
    ),
    Theme(
        "App体验",
        6,
        ("App界面清楚，下单方便", "小程序很好用，积分一目了然"),
        ("App打开太慢，经常闪退", "小程序搜索不好用，找不到商品", "推送太多，有点打扰"),
        ("The mini program is easy to use", "Ordering in the app is quick"),
        ("The app crashes now and then", "Too many push messages"),
    ),
)
