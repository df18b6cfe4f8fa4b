from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "tongban.registers.archive"
    label = "archive"
    verbose_name = "电子归档"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.archive import jobs, keeping  # noqa: F401 - declare their jobs and what a person is told
