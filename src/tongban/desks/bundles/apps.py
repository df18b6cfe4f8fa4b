from django.apps import AppConfig


class BundlesConfig(AppConfig):
    name = "tongban.desks.bundles"
    label = "bundles"
    verbose_name = "增值服务"
    default_auto_field = "django.db.models.BigAutoField"
