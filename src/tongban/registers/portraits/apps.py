from django.apps import AppConfig


class PortraitsConfig(AppConfig):
    name = "tongban.registers.portraits"
    label = "portraits"
    verbose_name = "企业和个人画像"
    default_auto_field = "django.db.models.BigAutoField"
