from django.apps import AppConfig


class SortingConfig(AppConfig):
    name = "tongban.desks.hotline.sorting"
    label = "sorting"
    verbose_name = "热线智能分拣"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.desks.hotline.sorting import jobs  # noqa: F401 - declares its schedule
