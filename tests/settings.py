"""Settings of the tests: a folder of their own, fast password hashes, jobs run at once."""

import os
import tempfile

os.environ.setdefault("SHOUWANG_DATA_DIR", tempfile.mkdtemp(prefix="shouwang-test-"))

from shouwang.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
SHOUWANG_BADGE_SECONDS = 0
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
