"""Whoever changes the law by accident is told: a story notices every small change."""

import pytest

from wayhome.programs import FOLDER, rulebook
from wayhome.stories.mutation import places, trial_of

PLACES = places(rulebook(), rulebook().programs)


@pytest.mark.parametrize("place", PLACES)
def test_it_notices_every_change(place):
    trial = trial_of(str(FOLDER), place)
    assert trial.tried
    assert trial.unnoticed == ()
