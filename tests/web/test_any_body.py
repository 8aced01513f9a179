"""Any bytes and any JSON at the web's own doors: an answer, or one sentence and a status that fits; no failure."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_values import any_json
from starlette.testclient import TestClient
from web.conftest import CRISIS, QUESTION, built, living

from guide.web.application import web_app
from guide.web.settings import WebSettings

DOORS = ("/v1/ask", "/v1/assess", "/gradio_api/run/ask")
TEXTS = st.sampled_from([QUESTION, CRISIS, "", " ", "?", "\x00", "\ud800", "bees", "IE", "ie-IE", "en-GB"]) | st.text()
JSON = any_json(TEXTS)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]) | JSON, "content": TEXTS | JSON}) | JSON,
    max_size=4,
)
BODIES = (
    JSON
    | st.fixed_dictionaries(
        {"question": TEXTS | JSON},
        optional={"history": TURNS | JSON, "country": TEXTS | JSON, "articles": st.lists(TEXTS, max_size=3) | JSON},
    )
    | st.fixed_dictionaries({"data": st.tuples(TEXTS | JSON, TURNS | JSON, TEXTS | JSON).map(list) | JSON})
)
tried = settings(max_examples=120)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    index = built(tmp_path_factory.mktemp("bees"))
    return TestClient(web_app(living(index), WebSettings(questions_per_minute=0)), raise_server_exceptions=False)


def holds(server: TestClient, door: str, body: bytes) -> None:
    answer = server.post(door, content=body, headers={"content-type": "application/json"})
    assert answer.status_code < 500, answer.text
    said = answer.json()
    if answer.status_code != 200 and door.startswith("/v1"):
        assert "\n" not in said["error"]
        assert "Traceback" not in said["error"]


@pytest.mark.parametrize("door", DOORS)
@tried
@given(body=BODIES)
def test_any_json_is_answered_or_refused(server: TestClient, door: str, body: Any) -> None:
    holds(server, door, json.dumps(body).encode())


@pytest.mark.parametrize("door", DOORS)
@tried
@given(body=st.binary(max_size=300))
def test_any_bytes_are_answered_or_refused(server: TestClient, door: str, body: bytes) -> None:
    holds(server, door, body)
