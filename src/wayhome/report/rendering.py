"""Filling in the templates: every text from outside is escaped, and every blank must be filled."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wayhome import __version__
from wayhome.engine.outcomes import Outcome
from wayhome.report.palette import swatch, swatch_tiles
from wayhome.report.words import Words, share


def rendered(template: str, said: Words, **values: Any) -> str:
    """A template of this folder filled in, with what every page needs."""
    found = _templates().get_template(template)
    return found.render(
        w=said,
        outcomes=list(Outcome),
        swatches={outcome: Markup(swatch(outcome)) for outcome in Outcome},
        swatch_tiles=Markup(swatch_tiles()),
        share=share,
        version=__version__,
        **values,
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("wayhome.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
