from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "tongban.oversight.insight.exports"
    label = "exports"
    verbose_name = "指标导出"
