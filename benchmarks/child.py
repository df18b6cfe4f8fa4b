"""Run one benchmark in this process: `python -m benchmarks.child bench_move [--quick]`."""

import importlib
import os
import sys


def set_up() -> None:
    """Load Django where TONGBAN_DATA and DATABASE_URL say."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"  # pages without collectstatic
    }
    django.setup()


def main(name: str, *, quick: bool) -> None:
    """Measure."""
    set_up()
    for figure in importlib.import_module(f"benchmarks.{name}").figures(quick=quick):
        figure.emit()


if __name__ == "__main__":
    main(sys.argv[1], quick="--quick" in sys.argv[2:])
