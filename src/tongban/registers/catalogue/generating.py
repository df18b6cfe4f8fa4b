"""Plausible matters in any number, for trying the platform at a real city's size. Marked as generated."""

import random
from collections.abc import Iterator
from typing import Any

from tongban.registers.catalogue import profiles, regions
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.catalogue.departments import DEPARTMENTS
from tongban.registers.catalogue.drafts import Draft
from tongban.registers.catalogue.elements import EMPTY

SUBJECTS = {
    "fgw": "粮食仓储 价格认定 固定资产投资 能源项目 招标方案 油气管道保护 石油储备 充电设施 节能监察 公共资源交易",
    "jyj": "民办幼儿园 普通高中 中等职业学校 校外培训机构 教师资格 学生资助 学籍档案 校车服务 教材选用 语言文字测试",
    "kjj": "高新技术企业 科技成果 技术合同 科技型中小企业 实验动物 外国人来华工作 研发平台 科技特派员 众创空间 重点实验室",
    "jxj": "技术改造 民用爆炸物品生产 监控化学品 无线电台站 工业设计中心 中小企业公共平台 食盐批发 绿色工厂 数字车间 两化融合",
    "mzw": "宗教活动场所 宗教教职人员 民族成份 清真食品标识 宗教团体 民族特需商品 宗教院校 大型宗教活动 宗教出版物 民族团结示范",
    "gaj": "居民户口 居住证 机动车 机动车驾驶证 保安服务 剧毒化学品 旅馆业 网络安全等级 枪支弹药 出境入境证件",
    "mzj": "社会团体 基金会 养老机构 婚姻档案 收养评估 殡葬设施 地名标志 慈善信托 社会工作站 困境儿童",
    "sfj": "律师事务所 公证机构 司法鉴定机构 基层法律服务所 人民监督员 法律援助 人民调解委员会 仲裁机构 行政复议 普法讲师",
    "czj": "会计代理记账 政府采购 非税收入票据 国有资产 财政补贴 会计人员 资产评估 彩票销售场所 政府债券 惠农补贴",
    "rsj": "职业技能 劳务派遣 社会保险 技工学校 人才引进 专业技术职称 工伤保险 失业保险 创业孵化 劳动用工",
    "zrzy": "建设用地 采矿权 探矿权 测绘资质 不动产 地质灾害 土地复垦 规划条件 临时建筑 地图审核",
    "sthj": "排污单位 危险废物 辐射安全 环境影响 入河排污口 放射性同位素 碳排放 废弃电器处理 环境监测机构 应急预案",
    "zjj": "施工企业 商品房 物业服务 燃气设施 建筑起重机械 城市供水 房屋租赁 工程质量检测 历史建筑 公共租赁住房",
    "jtj": "道路客运 道路货运 出租汽车 机动车维修 驾驶员培训 港口经营 水路运输 公路建设 超限运输 船舶检验",
    "slj": "取水 河道采砂 水土保持 水利工程 洪水影响 湖泊保护 水库大坝 农村供水 水文监测 灌溉用水",
    "nyj": "农作物种子 农药 兽药 动物诊疗 渔业捕捞 农业机械 生鲜乳 畜禽屠宰 农产品质量安全 宅基地",
    "swu": "成品油零售 拍卖 典当 对外劳务合作 单用途预付卡 报废机动车回收 药品流通 直销 二手车交易 家政服务",
    "wlj": "营业性演出 娱乐场所 旅行社 导游 文物保护 广播电视节目 互联网上网服务 出版物发行 印刷 艺术品经营",
    "wjw": "医疗机构 医师 护士 公共场所卫生 饮用水卫生 放射诊疗 母婴保健 托育机构 消毒产品 职业卫生",
    "tyjr": "退役士兵 军队转业干部 优抚对象 烈士纪念设施 伤残军人 军休干部 优待证 就业创业扶持 军属慰问 光荣院",
    "yjj": "危险化学品 非煤矿山 烟花爆竹 安全评价机构 特种作业人员 应急预案 救灾物资 冶金企业 安全培训机构 重大危险源",
    "swj": "增值税 企业所得税 个人所得税 契税 印花税 出口退税 发票 纳税信用 车辆购置税 环境保护税",
    "scjg": "公司 个体工商户 食品生产 特种设备 计量器具 药品零售 医疗器械 检验检测机构 认证标志 广告发布",
    "tyj": "高危险性体育项目 体育社会团体 运动员等级 裁判员等级 健身气功 体育场馆 社会体育指导员 体育赛事 青少年俱乐部 体育彩票",
    "tjj": "统计调查项目 涉外调查机构 统计从业 统计信用 统计数据 经济普查 部门统计 民间统计 统计违法举报 统计培训",
    "ylbz": "基本医疗保险 生育保险 医疗救助 定点医药机构 异地就医 门诊慢特病 医保信用 药品价格 长期护理保险 医用耗材",
    "cgj": "户外广告 建筑垃圾 城市道路 餐厨垃圾 环卫设施 城市绿地 夜景照明 占道经营 城市桥梁 生活垃圾",
    "dsj": "政务数据 电子证照 网上用户 政务大厅 代办服务 数据开放 热线诉求 电子印章 政务网络 自助终端",
    "xfjy": "公众聚集场所 消防设施 消防技术服务 建筑消防 消防产品 消防培训 志愿消防队 消防车通道 重点单位 火灾事故",
    "lyj": "林木采伐 林木种子 野生动物 使用林地 森林防火 古树名木 自然保护区 木材经营 林草植物检疫 湿地保护",
    "gjj": "住房公积金缴存 住房公积金提取 住房公积金贷款 公积金单位账户 公积金个人账户 公积金异地转移 公积金冲还贷 公积金缴存比例 公积金缓缴 公积金证明",
    "cl": "残疾人证 残疾人就业 辅助器具 康复救助 无障碍改造 托养服务 残疾学生资助 盲人按摩 残疾人创业 残疾人保障金",
    "yczm": "烟草零售 烟草批发 烟草运输 卷烟配送 雪茄烟经营 电子烟零售 烟叶收购 烟草举报 卷烟鉴定 烟草品牌准入",
    "gdgs": "低压用电 高压用电 临时用电 分布式光伏 充电桩用电 电价执行 电表校验 用电信息 电费账户 电力设施迁改",
    "swgs": "居民用水 企业用水 临时用水 消防用水 水表校验 水费账户 一户一表 供水管网 二次供水 水质信息",
    "rqgs": "居民用气 企业用气 燃气表 燃气账户 燃气安检 燃气管道改造 锅炉用气 商业用气 燃气保险 燃气用具",
    "gdwl": "有线电视 宽带网络 视频专线 机顶盒 集团用户 农村广播 网络电视 应急广播 光纤线路 用户账户",
    "qxj": "防雷装置 升放气球 气象台站 气候论证 气象信息 人工影响天气 雷电灾害 气象设施 气象数据 气象证明",
    "rfb": "人防工程 防空地下室 人防警报 易地建设费 人防设备 平战转换 人防图纸 人防车位 人防培训 疏散基地",
    "daj": "婚姻档案 知青档案 招工档案 土地档案 工程档案 国有企业档案 民生档案 家谱档案 档案捐赠 档案鉴定",
    "hg": "报关单位 进出口货物 出境动植物 口岸卫生 加工贸易 原产地证 特殊物品 进境种苗 保税仓库 知识产权备案",
}  # fmt: skip
SCOPES = ("", "（市级权限）", "（县级权限）", "（委托下放）", "（承诺制）")
ACTS = (
    ("许可新办", "01"), ("许可变更", "01"), ("许可延续", "01"), ("许可注销", "01"), ("许可证补办", "01"),
    ("备案", "10"), ("备案变更", "10"), ("备案注销", "10"), ("资格认定", "07"), ("资格确认变更", "07"),
    ("年度报告", "10"), ("信息查询", "20"), ("政策咨询", "20"), ("信息变更", "20"), ("补贴申领", "05"),
    ("奖励申报", "08"), ("纠纷裁决", "09"), ("登记", "07"), ("变更登记", "07"), ("注销登记", "07"),
    ("预约", "20"), ("证明出具", "20"), ("公示信息核对", "20"), ("现场核查申请", "20"), ("等级评定", "07"),
    ("验收", "10"), ("方案审查", "10"), ("人员变更报告", "10"), ("停业报告", "10"), ("恢复营业报告", "10"),
    ("费用减免申请", "05"), ("档案利用", "20"), ("材料补正", "20"), ("异议申请", "20"), ("地址变更报告", "10"),
)  # fmt: skip
_TOPICS = ("开办", "变更", "用工", "税费", "建设", "资质", "注销", "社保", "医疗", "住房", "证件", "出行")
_SERIALS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def drafts(*, count: int, places: list[str], seed: int, partner: bool = False) -> Iterator[Draft]:
    """`count` different matters, spread over departments and the given regions; the same for the same seed.

    :raises CatalogueError: more than can be told apart
    """
    names: dict[str, tuple[str, str]] = {}
    for scope in SCOPES:
        for act, kind in ACTS:
            for slug, words in SUBJECTS.items():
                for subject in words.split():
                    names.setdefault(f"{subject}{act}{scope}", (slug, kind))
    if not 0 < count <= len(names):
        raise CatalogueError(f"一次可以生成1至{len(names)}个事项。")
    chance = random.Random(seed)  # noqa: S311  test data, no secret
    for number, (name, (slug, kind)) in enumerate(list(names.items())[:count]):
        region = places[number % len(places)]
        basic = f"{kind}{DEPARTMENTS[slug][0]}{_serial(number)}"
        yield _draft(basic, slug, region, _data(name, kind, regions.level(region), chance), partner=partner)


FINES = (
    ("未按规定取得许可的处罚", "02"), ("超出许可范围的处罚", "02"), ("提供虚假材料的处罚", "02"), ("拒不改正的处罚", "02"),
    ("未按期报告的处罚", "02"), ("未公示信息的处罚", "02"), ("违反安全规定的处罚", "02"), ("拒绝接受检查的处罚", "02"),
    ("擅自停业的处罚", "02"), ("未建立台账的处罚", "02"), ("未按标准执行的处罚", "02"), ("从业人员不合要求的处罚", "02"),
    ("日常监督检查", "06"), ("专项检查", "06"), ("查封扣押", "03"),
)  # fmt: skip


def regulated_drafts(*, count: int, places: list[str]) -> Iterator[Draft]:
    """`count` different matters that are punished, enforced or inspected, spread over departments and regions.

    :raises CatalogueError: more than can be told apart
    """
    named = [
        (f"对{subject}{act}", slug, kind)
        for act, kind in FINES
        for slug, words in SUBJECTS.items()
        for subject in words.split()
    ]
    if not 0 <= count <= len(named):
        raise CatalogueError(f"一次可以生成0至{len(named)}个监管事项。")
    for number, (name, slug, kind) in enumerate(named[:count]):
        region = places[number % len(places)]
        basic = f"{kind}{DEPARTMENTS[slug][0]}{_serial(number, first='R')}"
        level = regions.level(region)
        data = {**EMPTY, "name": name, "kind": kind, "levels": [level], "case_kind": "2"}
        yield _draft(basic, slug, region, data, partner=False)


def _draft(basic: str, slug: str, region: str, data: dict[str, Any], *, partner: bool) -> Draft:
    unit = f"{regions.significant(region).ljust(6, '0')}-{slug}"
    return Draft(
        basic_code=basic,
        public_code=basic,
        code=profiles.demo_code(basic, region, unit),
        profile="demo",
        region=region,
        level=regions.level(region),
        unit=unit,
        unit_name=str(DEPARTMENTS[slug][1]),
        department=slug,
        partner=partner,
        generated=True,
        data=data,
    )


def _serial(number: int, *, first: str = "G") -> str:
    """Five characters that begin with a letter, so that no written matter has the same."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(_SERIALS))
        letters = _SERIALS[rest] + letters
    return f"{first}{letters}"


def _data(name: str, kind: str, level: str, chance: random.Random) -> dict[str, Any]:
    legal = chance.choice((5, 10, 15, 20, 20, 20))
    promised = chance.choice((0, 0, 1, 2, 3, 5))
    online = chance.random() < 0.99
    visits = 0 if chance.random() < 0.78 else 1
    flags = {
        "commitment": 0.3,
        "tolerance": 0.25,
        "self_service": 0.1,
        "high_frequency": 0.01,
        "nearby": 0.15,
    }
    lists: dict[str, Any] = {flag: True for flag, share in flags.items() if chance.random() < share}
    if chance.random() < 0.06:
        lists["cross_region"] = ["跨省"]
    return {
        **EMPTY,
        "name": name,
        "kind": kind,
        "levels": [level],
        "applicants": chance.choice((["1"], ["2"], ["1", "2"], ["2", "3", "4"])),
        "case_kind": "1" if promised == 0 else "2",
        "legal_limit": {"amount": legal, "unit": "working_days"},
        "promised_limit": {"amount": promised, "unit": "working_days"},
        "channels": ["1", "2", "3"] if online else ["1"],
        "depth": "IV" if visits == 0 else "III",
        "visits": visits,
        "conditions": [f"申请人需要办理{name}"],
        "steps": [{"link": "受理", "days": 0}, {"link": "决定", "days": promised}],
        "lists": lists,
        "topics": [chance.choice(_TOPICS)],
    }
