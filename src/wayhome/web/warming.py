"""What the application reads and works out once, before anybody waits for it."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

from wayhome.report.words import words
from wayhome.web.cases import asking
from wayhome.web.cases.case_panels import all_marks, all_panels
from wayhome.web.cases.fact_groups import fact_options
from wayhome.web.cases.screening import screener_of
from wayhome.web.observatory.warming import warm_up_before_the_fork
from wayhome.web.portal import passphrase, places, wording
from wayhome.words import LANGUAGES


def warm_up(as_of: date) -> None:
    """The day's law, the order of the portal's questions, every view, template and text.

    Nothing is asked of the databases. Raises NoLawInForce.
    """
    screener_of(as_of)
    asking.warm_up(as_of)
    import_module(settings.ROOT_URLCONF)
    for read in (words, fact_options, all_panels, all_marks):
        read()
    for language in LANGUAGES:
        for told in (wording.words, places.countries, places.zones, passphrase.word_list):
            told(language)
    for name in _own_templates():
        get_template(name)
    warm_up_before_the_fork()


def _own_templates() -> set[str]:
    here = Path(__file__).parent
    folders = [Path(folder) for folder in get_app_template_dirs("templates")]
    own = [folder for folder in folders if folder.is_relative_to(here)]
    return {
        page.relative_to(folder).as_posix() for folder in own for page in folder.rglob("*.html")
    }
