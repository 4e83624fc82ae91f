"""The WSGI entry that the server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwang.config.settings")
application = get_wsgi_application()

from shouwang.core.memory import settle  # noqa: E402 - after the settings are read
from shouwang.core.waiting import wait_as_a_page  # noqa: E402

wait_as_a_page()
settle()
