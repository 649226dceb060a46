"""Where a ZIP code is."""

import pytest

from wayhome.sources.places.zip_places import miles_between, place_of_zip


def test_it_knows_places_and_how_far_they_are_apart():
    newark, hackensack = place_of_zip("07105"), place_of_zip("07601-1234")
    # From the Passaic to the Hackensack: twelve miles on a map.
    assert miles_between(newark, hackensack) == pytest.approx(12, abs=2)
    los_angeles, new_york = place_of_zip("90012"), place_of_zip("10007")
    assert miles_between(los_angeles, new_york) == pytest.approx(2446, abs=10)


def test_it_guesses_no_place_of_a_post_office_box():
    assert place_of_zip("85232") is None
    assert place_of_zip(None) is None
    assert place_of_zip("") is None
    assert miles_between(place_of_zip("85232"), place_of_zip("85132")) is None
