"""A robot that signs by the form itself, as often as it can, from one address and from others."""

import pytest
from django.core import mail
from django.test import Client

from wayhome.web.campaign.limits import LIMITS

pytest_plugins = ("tests.web.campaign_letters",)
pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROBOT = "192.0.2.7"
MOST = LIMITS["network"][0]


def sends(campaign, number, address=ROBOT, **headers):
    client = Client(REMOTE_ADDR=address, headers=headers)
    return campaign.fill_in(
        name=f"Robot Group {number}", email=f"r{number}@robot.example", client=client
    )


def test_a_robot_gets_twenty_forms_in_and_then_a_refusal(campaign):
    assert MOST == 20
    answers = [sends(campaign, number) for number in range(MOST + 3)]
    assert [answer.status_code for answer in answers] == [302] * MOST + [429] * 3
    assert len(campaign.signatures()) == MOST
    assert len(mail.outbox) == MOST
    assert "Robot Group" not in answers[-1].content.decode()
    reader = Client(REMOTE_ADDR=ROBOT)
    assert reader.get(campaign.page).status_code == 200
    assert reader.get(campaign.sign).status_code == 200


def test_a_robot_gains_nothing_by_saying_that_it_is_somebody_else(campaign):
    """No proxy is configured: what a request says of where it came from is nobody's word."""
    said = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(MOST + 1)]
    answers = [sends(campaign, number, **said[number]) for number in range(MOST + 1)]
    assert [answer.status_code for answer in answers] == [302] * MOST + [429]


def test_a_robot_shuts_out_nobody_at_another_address(campaign):
    for number in range(MOST + 1):
        last = sends(campaign, number)
    assert last.status_code == 429
    honest = Client(REMOTE_ADDR="203.0.113.9")
    assert campaign.fill_in(client=honest).status_code == 302
    assert [one.name for one in campaign.signatures()][-1] == "Harbor Legal Aid"
    assert mail.outbox[-1].to == ["ana@aid.example"]
