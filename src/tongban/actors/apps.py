from django.apps import AppConfig
from django.db.models.signals import post_save


class ActorsConfig(AppConfig):
    name = "tongban.actors"
    label = "actors"
    verbose_name = "主体"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.actors import directory, mandates
        from tongban.actors.models import Region, Unit
        from tongban.kernel.files.destroying import register_holder

        register_holder(mandates.papers_among)
        for table in (Region, Unit):
            post_save.connect(directory.changed, sender=table, dispatch_uid=f"directory-{table.__name__}")
