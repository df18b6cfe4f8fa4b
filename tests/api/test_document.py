"""The API describes itself truly: the document is OpenAPI 3.1, and calls made from it get what it says."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks, definitions

from tongban.config.api import api
from tongban.config.wsgi import application
from tongban.registers.identity.rest_auth import signed_in

ROUTES = {
    ("get", "/matters"), ("get", "/themes"), ("post", "/themes/{code}/plan"), ("post", "/applications"),
    ("get", "/applications/{number}"), ("get", "/dockets"), ("get", "/dockets/{number}"),
    ("post", "/dockets/{number}/moves/{move}"), ("get", "/dockets/{number}/ledger"), ("post", "/evaluations"),
    ("get", "/portrait"), ("get", "/payments"), ("post", "/payments/{number}/checkout"), ("post", "/payments/notices"),
    ("get", "/benefits"), ("post", "/benefits/claims"), ("post", "/benefits/{number}/confirm"), ("get", "/benefits/standings"), ("get", "/benefits/standings/{key}"),
    ("post", "/files"), ("post", "/licences/verify"), ("post", "/licences/verify/file"),
    ("get", "/licences/verify/{token}"), ("post", "/licences/present"), ("post", "/licences/held"),
    ("get", "/licences/quota"), ("post", "/partners/packages"), ("post", "/partners/news"), ("get", "/partners/matters"), ("post", "/telephony/events"), ("post", "/hotline/tickets"), ("get", "/hotline/tickets"),
    ("get", "/hotline/tickets/{number}"), ("post", "/hotline/tickets/{number}/moves/{move}"), ("post", "/hotline/callers"),
    ("get", "/measures"), ("get", "/measures/{key}"), ("get", "/policies"), ("get", "/policies/{number}"),
    ("get", "/bundles"), ("get", "/offers"), ("get", "/service-orders"), ("get", "/warnings"),
    ("get", "/insight/indicators"), ("get", "/insight/figures"), ("get", "/insight/facts"),
}  # fmt: skip
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
WRITES_WITH_KEY = {
    "/applications", "/dockets/{number}/moves/{move}", "/hotline/tickets", "/hotline/tickets/{number}/moves/{move}",
}  # fmt: skip
# Asked by POST so that no number stands in an address; what is shown by a code of its own is shown once.
ASKS = {
    "/themes/{code}/plan", "/licences/verify", "/licences/verify/file", "/licences/present", "/licences/held",
    "/hotline/callers",
}  # fmt: skip


@pytest.fixture(scope="module")
def document():
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations(document):
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield path.removeprefix("/api/v1"), method, operation


def test_every_route_is_there_and_no_other(document):
    assert {(method, path) for path, method, _operation in operations(document)} == ROUTES


def test_the_document_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert [str(error) for error in definitions.OPENAPI_31_VALIDATOR.iter_errors(document)] == []
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_writes_take_a_key_and_the_great_ones_need_it(document):
    for path, method, operation in operations(document):
        keys = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
        if method == "post" and path not in ASKS:
            assert len(keys) == 1, path
            assert keys[0]["required"] == (path in WRITES_WITH_KEY)


def test_every_operation_says_in_so_many_words_who_may_call_it():
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                assert operation.auth_param in (None, signed_in), operation.path


def test_the_document_is_served(client, db):
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"].startswith("application/json")
    assert response.json()["info"]["version"]


@pytest.fixture
def connection_kept():
    """Django's test client keeps the test's connection between requests; a bare WSGI call would give it back."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("town", "connection_kept")
def test_calls_made_from_the_document_get_what_it_promises(document, calls):
    """Schemathesis, in this process: no 5xx, no undocumented status, media type or body."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    headers = calls("li").headers
    for found in schema.get_all_operations():
        strategy = found.ok().as_strategy()

        @settings(
            max_examples=15,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def run(case):
            case.validate_response(case.call(headers=headers), checks=CHECKS)

        run()
