"""The API under schemathesis: whatever is sent, no server error, and every answer as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from wayhome.web.api import tokens
from wayhome.web.api.endpoints import api
from wayhome.web.api.tokens import Scope, make_token
from wayhome.web.audit.chain import Actor, breaks

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
_CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
_EXAMPLES = 25


def _described():
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = get_wsgi_application()
    return schema


DESCRIBED = _described()


@pytest.fixture
def secret(clinic, member, new_case, monkeypatch):
    """A token for everything, and a case to aim at."""
    monkeypatch.setattr(tokens, "CALLS_A_MINUTE", 1_000_000)
    # The test's transaction lives in this connection, as with Django's own client.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    new_case(removed=True, removal_date="2020-01-01")
    made = make_token(Actor("test"), member("lead"), "fuzz", list(Scope), 1, timezone.now())
    yield made.secret
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    assert not list(breaks())


@DESCRIBED.parametrize()
@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_it_answers_anything_without_a_server_error(case, secret, clinic):
    _aim_at_a_case(case, clinic)
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=_CHECKS)


def _aim_at_a_case(case, clinic):
    from django_scopes import scope

    from wayhome.web.cases.models import Case

    if case.path_parameters and "case_id" in case.path_parameters:
        with scope(organization=clinic):
            case.path_parameters["case_id"] = str(Case.objects.order_by("received_at")[0].pk)
