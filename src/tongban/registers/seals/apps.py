from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "tongban.registers.seals"
    label = "seals"
    verbose_name = "电子印章"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.kernel.files.destroying import register_holder
        from tongban.registers.seals import selectors

        register_holder(selectors.papers_among)
