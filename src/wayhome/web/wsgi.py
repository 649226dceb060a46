"""The application for a web server such as gunicorn: `gunicorn wayhome.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.web.settings")
application = get_wsgi_application()
# The rulebook is read now, not while the first people wait, each of their threads for itself.
import_string("wayhome.web.cases.screening.warm_up")(timezone.now().date())
