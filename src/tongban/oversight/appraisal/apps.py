from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "tongban.oversight.appraisal"
    label = "appraisal"
    verbose_name = "好差评"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.oversight.appraisal import services  # noqa: F401 - attaches effects to the flow
