from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tongban.registers.messages"
    label = "messaging"  # Django has an app called messages
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"
