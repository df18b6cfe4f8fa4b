from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tongban.registers.exchange"
    label = "exchange"
    verbose_name = "数据共享"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.exchange import jobs  # noqa: F401  # declares its jobs
