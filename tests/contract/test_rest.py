"""The REST routes against their own description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from front.doors import House, let_in, open_house
from unkink.front.app import describe_api
from unkink.front.typescript import rest_types

ROOT = Path(__file__).resolve().parents[2]
schema = schemathesis.openapi.from_dict(dict(describe_api()))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server for all examples of this file, with one session in its diary."""
    made = open_house(tmp_path_factory.mktemp("data"))
    let_in(made)
    with made.browser:
        made.admit()
        with made.live(mode="timer") as line:
            line.send("bye", t_s=1.0, reason="end")
            line.read_until("summary")
        yield made
    made.diary.close()


def test_the_pages_types_are_current() -> None:
    assert (ROOT / "ui/src/generated/api.ts").read_text(encoding="utf-8") == rest_types(describe_api())


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_route_does_what_it_says(house: House, case: schemathesis.Case) -> None:
    fields = case.as_transport_kwargs(base_url=str(house.browser.base_url))
    url = re.sub(r"^https?://[^/]*", "", fields["url"]) or "/"
    answer = house.browser.request(
        fields["method"],
        url,
        params=fields.get("params"),
        json=fields.get("json"),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code < 500 or answer.json()["code"] != "bug", answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
        return
    case.validate_response(
        schemathesis.Response.from_any(answer),
        checks=[
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ],
    )
