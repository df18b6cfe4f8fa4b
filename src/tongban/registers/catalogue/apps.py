from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tongban.registers.catalogue"
    label = "catalogue"
    verbose_name = "事项目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongban.registers.catalogue.loading import load_demo
        from tongban.registers.identity import api as identity

        identity.register_demo_loader(
            order=30, name="catalogue", loader=lambda folder, at: load_demo(folder, identity.demo_began(at))
        )
