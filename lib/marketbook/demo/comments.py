"""Open answers: short comments on a theme, most in Chinese, some in English. Constants only.

A comment is an opening, the theme's sentence and a close; a theme is praise or complaint.
"""

OPENINGS = ("", "总的来说，", "用了一段时间，", "说实话，", "个人觉得", "家里用了两年，", "第一次买，")
CLOSES = ("。", "，会继续支持。", "，希望保持。", "！", "，希望改进。", "，比较在意这一点。")
ENGLISH_CLOSES = (".", " overall.", ", at least for me.", " so far.")

THEMES: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "品质": (
        24,
        ("产品质量不错，做工细致", "东西很耐用，材质让人放心", "品质稳定，和描述一致", "锅具质量很好，不粘效果明显"),
        ("The quality is really good", "Solid materials and careful workmanship"),
    ),
    "价格": (
        18,
        (
            "价格有点贵，希望多一些优惠",
            "性价比一般，同类产品更便宜",
            "活动价合适，平时偏贵",
            "优惠规则太复杂，算不清楚",
        ),
        ("A bit expensive compared with others", "Prices should be lower outside the big sales"),
    ),
    "物流": (
        16,
        ("物流太慢，等了一个星期", "发货速度很快，第二天就到了", "快递包装破损，送货需要改进", "偏远地区配送时间太长"),
        ("Delivery was too slow", "It arrived the next day, very fast shipping"),
    ),
    "客服": (
        14,
        (
            "客服回复很慢，问题没有解决",
            "售后态度好，退换货很方便",
            "客服很耐心，帮我选到合适的型号",
            "退款流程太长，客服推来推去",
        ),
        ("Customer service never answered my message", "Returns were easy and the staff friendly"),
    ),
    "设计": (
        11,
        ("外观好看，很适合小户型", "颜色比图片上淡，款式还是喜欢的", "设计简洁，放在家里很搭", "希望多出一些新的款式"),
        ("I love the simple design", "More colours would be nice"),
    ),
    "包装": (
        7,
        ("包装过度，不够环保", "包装很用心，送人也合适", "环保纸箱值得点赞，少用塑料"),
        ("Too much plastic in the packaging", "Nice gift box"),
    ),
    "App体验": (
        6,
        ("App打开太慢，经常闪退", "小程序搜索不好用，找不到商品", "App界面清楚，下单方便"),
        ("The app crashes now and then", "The mini program is easy to use"),
    ),
    "无": (4, ("没有", "暂时没有意见", "挺好的", "无"), ("Nothing to add", "No comment")),
}
