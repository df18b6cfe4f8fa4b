from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "tongban.registers.archive"
    label = "archive"
    verbose_name = "电子归档"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.archive import jobs  # noqa: F401 - declares its jobs
