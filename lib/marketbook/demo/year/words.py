"""English words for what the year's records say: items, vendors, people, and why claims were refused."""

ITEMS = {
    "会务": "Meetings", "会员日": "Members' day", "品牌追踪第1期": "Brand tracker, wave 1",
    "品牌追踪第2期": "Brand tracker, wave 2", "品牌追踪第3期": "Brand tracker, wave 3",
    "品牌追踪第4期": "Brand tracker, wave 4", "培训": "Training", "差旅": "Travel", "春季展会": "Spring fair",
    "秋季展会": "Autumn fair", "海外市场报告": "Report on markets abroad", "用户访谈": "User interviews",
    "直播基地共建": "Shared live studio", "经销商支持": "Dealer support", "行业报告": "Industry report",
    "设计外包": "Outside design", "软件订阅": "Software subscriptions", "门店陈列": "Shop displays",
}  # fmt: skip
VENDORS = {
    "B站花火": "Bilibili Huahuo", "云栈软件": "Yunzhan Software", "会展通": "Huizhantong Events",
    "华东经销联盟": "East China Dealers", "印象物料": "Impression Print", "城迹户外传媒": "Chengji Outdoor",
    "小红书聚光": "Xiaohongshu Juguang", "巨量引擎": "Ocean Engine", "星选达人机构": "Xingxuan Creators",
    "百度营销": "Baidu Marketing", "知行调研": "Zhixing Research", "腾讯广告": "Tencent Ads", "阿里妈妈": "Alimama",
    "青创设计": "Qingchuang Design", "启程商旅": "Qicheng Travel",
}  # fmt: skip
PEOPLE = {
    "沈知远": "Shen Zhiyuan", "顾明岚": "Gu Minglan", "陆景和": "Lu Jinghe", "唐予安": "Tang Yu'an",
    "苏晓禾": "Su Xiaohe", "林书遥": "Lin Shuyao", "周牧野": "Zhou Muye", "程立川": "Cheng Lichuan",
    "叶安宁": "Ye Anning", "韩慎之": "Han Shenzhi", "贺知秋": "He Zhiqiu", "方正言": "Fang Zhengyan",
    "许思齐": "Xu Siqi",
}  # fmt: skip
REASONS = {
    "与在执行的外包内容重复。": "It repeats what is outsourced already.",
    "事由写得太简，请补充用途和参加人。": "Too short: say what for, and who took part.",
    "办公家具由行政统一采购。": "Office furniture is bought by administration.",
    "发票抬头有误，请重开后再交。": "The invoice names the wrong buyer; hand it in when it is issued anew.",
    "发票税率有误，请供应商重开。": "The invoice has a wrong tax rate; ask the vendor for another.",
    "应由经销商承担。": "It is the dealer's to pay.",
    "本季度礼品已统一采购，不再单独安排。": "This quarter's gifts were bought together; none are bought apart.",
    "缺少投放截图，请补充附件。": "Screenshots of the ads are missing.",
    "请补充拍摄方案与报价明细。": "Add the plan of the shooting and a detailed quote.",
    "超出差旅标准，且没有事前说明。": "It is above the travel allowance, and nobody was told beforehand.",
    "金额与合同不一致，请核对。": "The amount is not the contract's.",
}
METRICS = {
    "营业收入": "Revenue", "订单数": "Orders", "媒体费用率": "Media cost share", "广告点击率": "Click rate",
    "广告转化数": "Conversions", "品牌知名度": "Brand awareness",
}  # fmt: skip
OBJECTIVES = {
    "营业收入稳步增长": "Revenue grows steadily", "订单数稳步增长": "Orders grow steadily",
    "控制媒体费用率": "The media cost share is held", "提示后知名度达到目标": "Prompted awareness reaches its target",
    "广告点击率达到目标": "The click rate reaches its target",
    "促销带来的订单达到目标": "Orders from promotions reach their target",
    "广告转化数达到目标": "Conversions reach their target", "品牌追踪每季度一期": "A brand tracker wave each quarter",
    "大促当月营业收入达到目标": "Revenue of the month reaches its target",
}  # fmt: skip
PLANS = {
    "度营销计划": "Marketing plan", "品牌推广计划": "Brand promotion", "产品推广计划": "Product promotion",
    "促销计划": "Sales promotion", "渠道拓展计划": "Channel expansion", "市场调研计划": "Market research",
}  # fmt: skip
"""What stands behind the year in the title of a plan."""
YEARS = range(2024, 2041)
TASKS = {
    "小红书种草笔记": "Xiaohongshu notes", "新品信息流投放": "In-feed ads for new products",
    "会员日活动": "Members' day event",
    "经销商拜访": "Dealer visits", "竞品价格监测": "Competitors' prices", "营销周会": "Weekly meeting",
    "季度经营分析会": "Quarterly review meeting",
}  # fmt: skip
TURNS = 4
"""How often a task comes up in the year that is under way."""


def _dated() -> dict[str, str]:
    plans = {f"{year}年{name}": f"{english} {year}" for year in YEARS for name, english in PLANS.items()}
    months = {f"{name}（{n}月）": f"{english}, month {n}" for name, english in TASKS.items() for n in range(1, 13)}
    turns = {
        f"{name}（第{n}期）": f"{english}, no. {n}" for name, english in TASKS.items() for n in range(1, TURNS + 1)
    }
    return {**plans, **months, **turns, "大促直播专场": "Live shows of the sale"}


COMPLAINTS = {
    "更换加厚内衬并抽检出库包装": "Thicker padding, and parcels checked before they leave",
    "仓库改为每日两次集中出库，超时自动预警": "The warehouse sends twice a day, with a warning when it is late",
    "退款申请每日对账": "Refunds reconciled every day",
    "直播脚本与活动规则页同步审核": "Live scripts reviewed with the page of rules",
    "详情页图片按实物重拍": "Product pictures taken anew",
    "高峰时段增排两名客服": "Two more agents at peak hours",
    "底座温控批次复检": "Charging bases checked again by batch",
    "详情页图片与实物颜色不符，请产品与设计核对并更换": "Pictures differ from the goods: product and design to check",
}
SCENARIOS = {"稳步调整": "Steady", "顾及最差情形": "Careful", "总额加一成": "A tenth more"}
COMPETITORS = {
    "云栖生活": "Yunqi Living", "木与棉": "Wood & Cotton", "一品优选": "Yipin Choice", "萌宠星球": "Planet Pets",
    "云朵记忆枕": "Cloud memory pillow", "轻语破壁机": "Whisper blender", "竹纤维砧板套装": "Bamboo board set",
    "有机棉抱被": "Organic swaddle", "坚果礼盒": "Nut gift box", "氨基酸洗护套装": "Amino acid wash set",
    "全价冻干猫粮": "Freeze-dried cat food", "云朵护颈枕": "Cloud neck pillow", "桌面净饮机": "Desktop water purifier",
    "春节档投放央视网前贴片广告，主推坚果礼盒": "Video ads on CCTV.com before the Spring Festival: nut gift box",
    "上市“云朵”系列护颈枕，首发价 199 元": "A neck pillow in the Cloud series, at 199 yuan to begin with",
    "开设抖音小店，首周直播三场": "A shop on Douyin, three live shows in its first week",
    "新任市场总监到岗，此前在乳业集团负责数字营销": "A new marketing director, from digital marketing at a dairy group",
    "发布年度可持续包装白皮书，三家媒体报道": "A white paper on sustainable packaging, reported by three media",
    "百亿补贴入口，限时七折": "Placed among the great subsidies, 30% off for a while",
    "详情页标价直降，页面注明“长期有效”": "A lower price on the page, marked as lasting",
    "上架桌面净饮机，预售价 599 元，定金立减": "A desktop water purifier at 599 yuan, less for a deposit",
}  # fmt: skip
WORDS = ITEMS | VENDORS | PEOPLE | REASONS | METRICS | OBJECTIVES | COMPLAINTS | SCENARIOS | COMPETITORS | _dated()
