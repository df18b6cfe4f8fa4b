"""The `tongban` command.

`tongban catalogue import FILE` runs the management command `catalogue` of some context with the
words after it; every context brings its own. `tongban help` lists them.
"""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; Django's own (migrate, shell, …) work too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    execute_from_command_line(sys.argv)
