from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongban.registers.identity"
    label = "identity"
    verbose_name = "身份"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.actors.api import load_city
        from tongban.registers.identity import jobs  # noqa: F401  # declares its jobs
        from tongban.registers.identity.contracts import register_demo_loader
        from tongban.registers.identity.services import load_accounts

        register_demo_loader(order=10, name="city", loader=lambda folder, _at: load_city(folder=folder))
        register_demo_loader(
            order=20, name="accounts", loader=lambda folder, at: load_accounts(folder=folder, at=at)
        )
