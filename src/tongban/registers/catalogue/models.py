"""The catalogue as rows: what is asked for in queries is a column, the rest of the standard's elements JSON.

A matter's full set of elements is immutable and shared by digest (`Elements`): a city, its counties and
towns that handle a matter alike point at one row, and every version keeps what it said for ever.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.registers.catalogue import codes

ID_MAX = 60


class DataElement(models.Model):
    """数据项: one fact that a form may ask for; one key across all matters."""

    key = models.CharField(_("键"), max_length=80, primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=10)
    group = models.CharField(_("分组"), max_length=50, blank=True)
    personal = models.BooleanField(_("个人信息"), default=False)
    data = models.JSONField(_("其余要素"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("数据项")
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"


class MaterialKind(models.Model):
    """材料: one kind of paper; one key across all matters."""

    key = models.CharField(_("键"), max_length=80, primary_key=True)
    name = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("来源渠道"), max_length=2, choices=codes.MaterialSource.choices)
    issuer = models.CharField(_("核发部门"), max_length=20, blank=True)
    licence_kind = models.CharField(_("证照类型"), max_length=80, blank=True)
    data = models.JSONField(_("其余要素"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("材料")
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"


class Matter(models.Model):
    """基本目录事项: the same code, name, legal basis and kind at every level that exercises it."""

    code = models.CharField(_("基本编码"), max_length=100, unique=True)
    name = models.CharField(_("事项名称"), max_length=codes.NAME_MAX)
    kind = models.CharField(_("事项类型"), max_length=2, choices=codes.MatterKind.choices)
    legal_basis = models.JSONField(_("设定依据"), default=list)
    generated = models.BooleanField(_("测试数据"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("基本目录事项")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class Elements(models.Model):
    """要素: everything a version says of a matter. Written once, never changed."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("事项名称"), max_length=codes.NAME_MAX)
    plain_name = models.CharField(_("通俗名称"), max_length=codes.NAME_MAX, blank=True)
    kind = models.CharField(_("事项类型"), max_length=2, choices=codes.MatterKind.choices)
    case_kind = models.CharField(_("办件类型"), max_length=1, blank=True, choices=codes.CaseKind.choices)
    depth = models.CharField(_("网办深度"), max_length=3, blank=True, choices=codes.Depth.choices)
    visits = models.PositiveSmallIntegerField(_("到现场次数"), null=True)
    limit_amount = models.PositiveSmallIntegerField(_("承诺时限"), null=True)
    limit_unit = models.CharField(_("时限单位"), max_length=15, blank=True)
    for_person = models.BooleanField(_("面向个人"), default=False)
    for_organisation = models.BooleanField(_("面向单位"), default=False)
    online = models.BooleanField(_("可网办"), default=False)
    instant = models.BooleanField(_("马上办"), default=False)
    nearby = models.BooleanField(_("就近办"), default=False)
    once = models.BooleanField(_("一次办"), default=False)
    commitment = models.BooleanField(_("告知承诺"), default=False)
    tolerance = models.BooleanField(_("容缺受理"), default=False)
    across_nation = models.BooleanField(_("全国通办"), default=False)
    across_provinces = models.BooleanField(_("跨省通办"), default=False)
    across_cities = models.BooleanField(_("跨市通办"), default=False)
    across_counties = models.BooleanField(_("区内通办"), default=False)
    sunk = models.BooleanField(_("下沉基层"), default=False)
    self_service = models.BooleanField(_("自助办"), default=False)
    high_frequency = models.BooleanField(_("高频"), default=False)
    convenience = models.BooleanField(_("便民服务"), default=False)
    intermediary = models.BooleanField(_("中介服务"), default=False)
    abolished_proofs = models.PositiveSmallIntegerField(_("取消证明数"), default=0)
    handling_items = models.PositiveSmallIntegerField(_("办理项数"), default=0)
    data = models.JSONField(_("全部要素"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("事项要素")

    def __str__(self) -> str:
        return self.name


class MatterMaterial(models.Model):
    """Which paper which elements ask for: the question "who uses this paper" is a query."""

    elements = models.ForeignKey(Elements, models.CASCADE, related_name="papers")
    material = models.ForeignKey(MaterialKind, models.PROTECT, related_name="uses")
    necessity = models.CharField(max_length=1, choices=codes.Necessity.choices)
    commitment = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["elements", "position"], name="one_paper_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.elements_id}:{self.material_id}"


class MatterElement(models.Model):
    """Which data element which elements ask for."""

    elements = models.ForeignKey(Elements, models.CASCADE, related_name="asked")
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="uses")
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["elements", "position"], name="one_element_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.elements_id}:{self.element_id}"


class CatalogueVersion(models.Model):
    """One act upon the catalogue of a region: a publication, a withdrawal, a draft brought in."""

    region = models.CharField(_("区划"), max_length=12, db_index=True)
    act = models.CharField(_("动作"), max_length=20)
    actor = models.CharField(_("操作人"), max_length=ID_MAX)
    at = models.DateTimeField(_("生效时间"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("事项数"))

    class Meta:
        verbose_name = verbose_name_plural = _("目录版本")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.region} {self.act} {self.at:%Y-%m-%d}"


class Implementation(models.Model):
    """实施清单: a matter as one unit of one region carries it out. Points at what is published now."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="implementations")
    public_code = models.CharField(_("对外编码"), max_length=100)
    code = models.CharField(_("实施编码"), max_length=100)
    profile = models.CharField(_("编码规则"), max_length=20)
    region = models.CharField(_("区划"), max_length=12)
    level = models.CharField(_("行使层级"), max_length=1, choices=codes.ExerciseLevel.choices)
    unit = models.CharField(_("实施单位"), max_length=80, blank=True)
    unit_name = models.CharField(_("实施单位名称"), max_length=100)
    unit_code = models.CharField(_("实施单位代码"), max_length=40, blank=True)
    department = models.CharField(_("部门"), max_length=20, blank=True)
    main_item = models.CharField(_("主项"), max_length=codes.NAME_MAX, blank=True)
    partner = models.BooleanField(_("合作地区"), default=False)
    generated = models.BooleanField(_("测试数据"), default=False)
    status = models.CharField(_("状态"), max_length=10, choices=codes.State.choices)
    version = models.PositiveIntegerField(_("版本"), default=0)
    elements = models.ForeignKey(Elements, models.PROTECT, related_name="implementations", null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实施清单")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="one_implementation_code_a_region"),
        ]
        indexes = [
            models.Index(fields=["public_code", "region", "status"], name="implementation_asked"),
            models.Index(fields=["region", "status", "elements"], name="implementation_lists"),
            models.Index(fields=["unit", "status"], name="implementation_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.code}"


class ImplementationVersion(models.Model):
    """Append-only history: what was in force from when to when, and by whom."""

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    elements = models.ForeignKey(Elements, models.PROTECT, related_name="versions")
    drafted = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="drafted")
    published = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="published", null=True)
    ended = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="ended", null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实施清单版本")
        constraints = [
            models.UniqueConstraint(fields=["implementation", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id} v{self.number}"


class InstantSwitch(models.Model):
    """秒批开关: whether a matter with decision rules is decided without a human in a region and below.

    An empty `code` is the stop switch for everything there. No row means on.
    """

    code = models.CharField(_("对外编码"), max_length=100, blank=True)
    region = models.CharField(_("区划"), max_length=12)
    on = models.BooleanField(_("开启"))
    reason = models.CharField(_("原因"), max_length=300)
    actor = models.CharField(_("操作人"), max_length=ID_MAX)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("秒批开关")
        constraints = [models.UniqueConstraint(fields=["code", "region"], name="one_instant_switch_a_place")]

    def __str__(self) -> str:
        return f"{self.code or '*'} {self.region} {self.on}"


class Generation(models.Model):
    """One row whose token changes with every change of what is published; caches compare it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = _("目录缓存标记")

    def __str__(self) -> str:
        return self.token
