from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    name = "tongban.faces.workbench"
    label = "workbench"
    verbose_name = "工作台"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.actors.api import Role
        from tongban.faces.workbench.panels import (  # noqa: F401 - register themselves
            affairs,
            appeals,
            bundles,
            cases,
            claims,
            corrections,
            doorstep,
            erasure,
            handovers,
            knowledge,
            mending,
            objections,
            payments,
            remote,
        )
        from tongban.web.navigation import Entry, add

        add(Entry(face="workbench", label=_("工作列表"), url="/work", order=10, keys="g w", officers=True))
        add(Entry(face="workbench", label=_("帮办"), url="/work/helping", order=30, officers=True))
        add(Entry(face="workbench", label=_("异地通办"), url="/work/crossing", order=35, officers=True))
        add(Entry(face="workbench", label=_("远程窗口"), url="/work/remote", order=36, officers=True))
        add(
            Entry(
                face="workbench", label=_("秒批"), url="/work/instant", order=38, officers=True,
                to=lambda actor: bool(actor.units_of(Role.CATALOGUE_EDITOR)),
            )
        )  # fmt: skip
        add(Entry(face="workbench", label=_("授权"), url="/work/delegations", order=40, officers=True))
        add(Entry(face="workbench", label=_("消息"), url="/inbox", order=50, officers=True))
        add(Entry(face="portal", label=_("工作台"), url="/work", order=90, officers=True))
        add(Entry(face="plain", label=_("工作台"), url="/work", order=90, officers=True))
        add(Entry(face="screen", label=_("工作台"), url="/work", order=90, officers=True))
