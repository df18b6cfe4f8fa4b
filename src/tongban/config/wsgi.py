"""What the web server loads. In embedded mode the worker is a thread beside the web threads.

What the first visitor would wait for is loaded beside them too, where TONGBAN_WARM says so (`tongban serve` does).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
application = get_wsgi_application()

if os.environ.get("TONGBAN_WORKER") == "1":
    from tongban.kernel.jobs.worker import start_thread

    start_thread()

if os.environ.get("TONGBAN_WARM") == "1":
    from tongban.config.warming import start_thread as start_warming

    start_warming()
