"""The questionnaire of the brand survey: questions, options, English words beside.

Q5 to Q7 and Q9 are asked of those who know the brand, Q9 answered by about half of them; the others of everybody.
"""

import pandas as pd

BRANDS = {
    "青禾优品": "Qinghe Select",
    "木棉小铺": "Kapok Store",
    "北屿优选": "Beiyu Choice",
    "小满家居": "Xiaoman Home",
    "云麓集": "Yunlu Market",
    "拾穗良品": "Shisui Goods",
}
PLACES = {
    "品牌自营App": "The brand's own app",
    "微信小程序": "WeChat mini program",
    "天猫": "Tmall",
    "京东": "JD",
    "抖音商城": "Douyin mall",
    "拼多多": "Pinduoduo",
    "线下门店": "Physical shops",
}
REASONS = {
    "品质可靠": "Reliable quality",
    "价格合理": "Fair price",
    "设计好看": "Good design",
    "物流快": "Fast delivery",
    "售后有保障": "Dependable after-sales service",
    "朋友推荐": "Recommended by friends",
    "促销力度大": "Strong promotions",
}
INTENTIONS = {
    "一定会买": "Will certainly buy",
    "可能会买": "Will probably buy",
    "不确定": "Not sure",
    "可能不会买": "Will probably not buy",
    "一定不会买": "Will certainly not buy",
}
IMAGE = {
    "青禾优品的产品品质值得信赖": "Qinghe Select's products can be trusted",
    "青禾优品的价格物有所值": "Qinghe Select is worth its price",
    "青禾优品的设计符合我的审美": "Qinghe Select's design is to my taste",
    "青禾优品懂得像我这样的家庭": "Qinghe Select understands households like mine",
    "青禾优品注重环保": "Qinghe Select cares for the environment",
    "青禾优品的服务让人放心": "Qinghe Select's service is reassuring",
    "青禾优品与其他品牌不一样": "Qinghe Select is different from other brands",
}
BENEFITS = {
    "七天无理由退货": "Seven-day returns",
    "当日达": "Same-day delivery",
    "会员专享价": "Member prices",
    "原料产地可查": "Traceable origin of materials",
    "环保包装": "Green packaging",
    "专属客服": "Personal service",
    "新品试用": "Trials of new products",
    "以旧换新": "Trade-ins",
}
PRICES = {
    "这款青禾空气炸锅，价格低到多少元您会怀疑品质？": "At what price (yuan) would you doubt this air fryer's quality?",
    "价格为多少元时，您会觉得它很划算？": "At what price (yuan) is it a bargain?",
    "价格为多少元时，您会觉得有点贵但仍可考虑？": "At what price (yuan) is it expensive, but worth a thought?",
    "价格高到多少元您一定不会购买？": "At what price (yuan) would you never buy it?",
}
NONE_KNOWN = "以上都没听说过"
NONE_USED = "没有固定品牌"
NONE_BOUGHT = "最近三个月没有购买"

WORDINGS = {
    "Q1": (
        "multiple",
        "您听说过以下哪些家居生活品牌？（可多选）",
        "Which of these home brands have you heard of? (several)",
    ),
    "Q2": (
        "single",
        "您最常购买的是哪个品牌？",
        "Which brand do you buy most often?",
    ),
    "Q3": (
        "multiple",
        "最近三个月，您在哪些渠道买过家居生活用品？（可多选）",
        "Where did you buy home goods in the last three months? (several)",
    ),
    "Q4": (
        "multiple",
        "您选择家居生活品牌的主要原因有哪些？（可多选）",
        "What are your main reasons for choosing a home brand? (several)",
    ),
    "Q5": (
        "single",
        "未来三个月，您购买青禾优品的可能性有多大？",
        "How likely are you to buy Qinghe Select in the next three months?",
    ),
    "Q7": (
        "nps",
        "您有多大可能向朋友或同事推荐青禾优品？",
        "How likely are you to recommend Qinghe Select to a friend or colleague?",
    ),
    "Q8": (
        "number",
        "您家每月在家居生活用品上大约花费多少元？",
        "About how many yuan does your household spend on home goods a month?",
    ),
    "Q9": (
        "open",
        "您对青禾优品还有什么想说的？",
        "What else would you like to say about Qinghe Select?",
    ),
    "Q10": (
        "maxdiff",
        "以下服务中，哪一项对您最重要，哪一项最不重要？",
        "Which of these services matters most to you, and which least?",
    ),
}
CHOICES = {
    "Q1": {**BRANDS, NONE_KNOWN: "None of these"},
    "Q2": {**BRANDS, NONE_USED: "No fixed brand"},
    "Q3": {**PLACES, NONE_BOUGHT: "Nothing in the last three months"},
    "Q4": REASONS,
    "Q5": INTENTIONS,
    "Q10": BENEFITS,
}
RANGES = {"scale": (1.0, 5.0), "nps": (0.0, 10.0), "number": (0.0, 20_000.0), "price": (1.0, 5_000.0)}
IMAGE_CODES = tuple(f"Q6_{i}" for i in range(1, len(IMAGE) + 1))
PRICE_CODES = tuple(f"Q11_{i}" for i in range(1, len(PRICES) + 1))


def questions() -> pd.DataFrame:
    """Return `survey_questions` in the order in which they were asked."""
    rows = [(code, kind, wording) for code, (kind, wording, _) in WORDINGS.items()]
    rows += [(code, "scale", wording) for code, wording in zip(IMAGE_CODES, IMAGE, strict=True)]
    rows += [(code, "price", wording) for code, wording in zip(PRICE_CODES, PRICES, strict=True)]
    rows.sort(key=lambda row: tuple(int(part) for part in row[0][1:].split("_")))
    frame = pd.DataFrame(rows, columns=["question", "kind", "wording"])
    frame["position"] = range(1, len(frame) + 1)
    frame["low"] = [RANGES.get(kind, (None, None))[0] for kind in frame["kind"]]
    frame["high"] = [RANGES.get(kind, (None, None))[1] for kind in frame["kind"]]
    return frame


def options() -> pd.DataFrame:
    """Return `survey_options`; an option's code is its position."""
    rows = [
        (question, str(position), position, wording)
        for question, choices in CHOICES.items()
        for position, wording in enumerate(choices, start=1)
    ]
    return pd.DataFrame(rows, columns=["question", "option", "position", "wording"])
