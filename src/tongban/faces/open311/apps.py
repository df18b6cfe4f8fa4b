from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "tongban.faces.open311"
    label = "open311"
    verbose_name = "Open311接口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.faces.open311 import demo
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(order=91, name="open311", loader=demo.load)
