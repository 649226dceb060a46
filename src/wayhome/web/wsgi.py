"""The application for a web server such as gunicorn: `gunicorn --preload wayhome.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.web.settings")
application = get_wsgi_application()
# Not while the first people wait, and once for all workers (cli/serve.py: preload_app). No thread:
# workers that are forked meanwhile would not have what it finds, but the locks that it holds.
import_string("wayhome.web.warming.warm_up")(timezone.now().date())
