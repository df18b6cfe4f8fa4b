"""Code tables of GB/T 39046-2020 (annex A) as choices, and how other writings of a code are padded."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MatterKind(TextChoices):
    """事项类型."""

    POWER = "00", _("行政权力事项")
    LICENCE = "01", _("行政许可")
    PENALTY = "02", _("行政处罚")
    COMPULSION = "03", _("行政强制")
    LEVY = "04", _("行政征收")
    PAYMENT = "05", _("行政给付")
    INSPECTION = "06", _("行政检查")
    CONFIRMATION = "07", _("行政确认")
    REWARD = "08", _("行政奖励")
    RULING = "09", _("行政裁决")
    OTHER = "10", _("其他类别事项")
    PUBLIC_SERVICE = "20", _("公共服务事项")


class ExerciseLevel(TextChoices):
    """行使层级."""

    NATIONAL = "1", _("国家级/局(署、会)")
    PROVINCE = "2", _("省级/直属")
    CITY = "3", _("市级/隶属")
    COUNTY = "4", _("县级")
    TOWNSHIP = "5", _("镇(乡、街道)级")
    VILLAGE = "6", _("村(社区)级")
    GRADED = "7", _("分级管理")


class UnitNature(TextChoices):
    """实施主体性质."""

    STATUTORY = "1", _("法定机关")
    AUTHORISED = "2", _("授权组织")
    ENTRUSTED = "3", _("受委托组织")
    OTHER = "9", _("其他")


class Applicant(TextChoices):
    """服务对象."""

    PERSON = "1", _("自然人")
    ENTERPRISE = "2", _("企业法人")
    INSTITUTION = "3", _("事业法人")
    SOCIAL = "4", _("社会组织法人")
    AGENCY = "5", _("行政机关")
    OTHER = "6", _("其他组织")


class Channel(TextChoices):
    """办理形式."""

    WINDOW = "1", _("窗口办理")
    WEB = "2", _("电脑端网上办理")
    MOBILE = "3", _("移动端网上申请")
    COURIER = "4", _("快递申请")
    OTHER = "9", _("其他")


class CaseKind(TextChoices):
    """办件类型."""

    INSTANT = "1", _("即办件")
    PROMISED = "2", _("承诺件")
    OTHER = "9", _("其他")


class SpecialProcedure(TextChoices):
    """特别程序种类."""

    EXTENSION = "1", _("延长审批")
    OTHER = "2", _("除延长审批之外的情况")


class Satisfaction(TextChoices):
    """满意度."""

    VERY_SATISFIED = "1", _("非常满意")
    SATISFIED = "2", _("满意")
    BASICALLY = "3", _("基本满意")
    DISSATISFIED = "4", _("不满意")
    VERY_DISSATISFIED = "5", _("非常不满意")


class CrossRegion(TextChoices):
    """通办范围. The standard writes the words themselves."""

    NATION = "全国", _("全国")
    PROVINCES = "跨省", _("跨省")
    CITIES = "跨市", _("跨市")
    COUNTIES = "跨县", _("跨县")


class Necessity(TextChoices):
    """材料必要性."""

    REQUIRED = "1", _("必要")
    OPTIONAL = "2", _("非必要")
    LATER = "3", _("容缺后补")


class MaterialSource(TextChoices):
    """材料来源渠道."""

    OWN = "10", _("申请人自备")
    GOVERNMENT = "20", _("政府部门核发")
    OTHER = "99", _("其他")


class Depth(TextChoices):
    """网办深度."""

    ONE = "I", _("网上查询、下载")
    TWO = "II", _("网上申请")
    THREE = "III", _("网上预审")
    FOUR = "IV", _("全程网办")


class State(TextChoices):
    """State of an implementation."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


LINKS = ("收件", "受理", "审查", "决定", "制证", "送达")
RESULT_KINDS = ("证照", "批文", "证明", "其他")
# What a grant does to a licence of the result's kind.
LICENCE_ACTS = ("issue", "renew", "change", "reissue", "cancel")
PROCEDURES = {
    "survey": _("现场勘验"),
    "hearing": _("听证"),
    "expert_review": _("专家评审"),
    "publicity": _("公示"),
    "test": _("检验检测"),
}
LIMIT_UNITS = {
    "working_days": _("个工作日"),
    "natural_days": _("天"),
    "working_hours": _("个工作小时"),
}
NAME_MAX = 200  # 事项名称 an..200
BASIC_CODE_MAX = 10  # 基本编码 an..10

_NECESSITY_WORDS = {"必要": "1", "非必要": "2", "容缺后补": "3", "1": "1", "2": "2", "3": "3"}
_CROSS_WORDS = {"区内": "跨县", "跨区": "跨县", "市内": "跨县"}


def kind_code(written: str) -> str:
    """The two-digit kind for a kind written as ``1``, ``01`` or by its name.

    :raises ValueError: naming the kinds that exist
    """
    text = written.strip()
    for candidate in (text, text.zfill(2)):
        if text and candidate in MatterKind.values:
            return candidate
    for member in MatterKind:
        if text == str(member.label):
            return member.value
    possible = "、".join(f"{member.value} {member.label}" for member in MatterKind)
    raise ValueError(f"事项类型“{written}”不在国家标准代码表中；可填：{possible}。")


def necessity_code(written: str) -> str:
    """1 required, 2 not required, 3 may follow, from the code or the Chinese word.

    :raises ValueError: naming what is possible
    """
    try:
        return _NECESSITY_WORDS[str(written).strip()]
    except KeyError:
        raise ValueError(f"材料必要性“{written}”无效；可填：必要、非必要、容缺后补。") from None


def cross_region(written: str) -> str:
    """The scope word of the standard; what cities call 区内 or 市内 is 跨县.

    :raises ValueError: naming what is possible
    """
    word = _CROSS_WORDS.get(written, written)
    if word not in CrossRegion.values:
        raise ValueError(f"通办范围“{written}”无效；可填：{'、'.join(CrossRegion.values)}、区内。")
    return word
