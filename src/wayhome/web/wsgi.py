"""The application for a web server such as gunicorn: `gunicorn wayhome.web.wsgi`."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.web.settings")
application = get_wsgi_application()
today = timezone.now().date()
# The rulebook is read now, not while the first people wait, each of their threads for itself.
import_string("wayhome.web.cases.screening.warm_up")(today)
# The order of the questions takes longer: it is found while the first people read the first pages.
Thread(target=import_string("wayhome.web.portal.walk.warm_up"), args=(today,), daemon=True).start()
