from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tongban.registers.identity.privacy"
    label = "privacy"
    verbose_name = "个人信息保护"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.identity.privacy import erasing, jobs, own  # noqa: F401 - attach, declare, register
