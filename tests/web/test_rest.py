"""The REST interface: what it gives, how it refuses, and that its document tells the truth."""

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode, checks
from starlette.testclient import TestClient
from web.conftest import ARTICLE, CRISIS, QUESTION, Web, built, living

from guide.answering.to_json import answer_to_json
from guide.errors import AnswerError
from guide.query.resolve import MAX_QUESTION_CHARACTERS
from guide.safety.helplines import registry
from guide.web.application import web_app
from guide.web.settings import MAX_BODY_BYTES, WebSettings


@pytest.fixture
def client(web: Web) -> TestClient:
    return web()


def test_ask_gives_the_answer_of_the_guide_as_json(client: TestClient, index: Any) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION, "history": ["Hello"], "country": "IE"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    same = answer_to_json(living(index).edition.guide.ask(QUESTION, ["Hello"], "IE"))
    assert answer.json() == json.loads(json.dumps(same))
    assert "Cool smoke calms bees" in answer.json()["passages"][0]["text"]


def test_ask_searches_the_articles_that_are_named(tmp_path: Path) -> None:
    hens = ARTICLE.replace("Keeping bees calm", "Keeping hens calm").replace("bees", "hens").replace("Bees", "Hens")
    app = web_app(living(built(tmp_path, hens=hens)), WebSettings(), chat=False)
    client = TestClient(app)

    def found(**sent: object) -> set[str]:
        answer = client.post("/v1/ask", json={"question": "What calms them?", **sent}).json()
        return {passage["article"] for passage in answer["passages"]}

    assert found() == found(articles=[]) == found(articles=["bees", "hens"]) == {"bees", "hens"}
    assert found(articles=["hens"]) == {"hens"}
    unknown = client.post("/v1/ask", json={"question": QUESTION, "articles": ["cows", "bees"]})
    assert unknown.status_code == 422
    assert unknown.json()["error"] == "The index has no article 'cows'; `guide articles` lists those it has."
    assert unknown.json()["safety"]["level"] == "none"
    many = client.post("/v1/ask", json={"question": QUESTION, "articles": ["bees"] * 101})
    assert "`articles` can't be used: list should have at most 100 items" in many.json()["error"]


def test_assess_gives_the_safety_part_and_searches_nothing(client: TestClient) -> None:
    safety = client.post("/v1/assess", json={"question": CRISIS, "country": "IE"}).json()
    assert safety["level"] == "crisis"
    assert safety["helplines"][0]["country"] == "IE"
    assert client.post("/v1/assess", json={"question": QUESTION}).json()["level"] == "none"


def test_passages_are_the_articles_words_at_their_places(client: TestClient, index: Any) -> None:
    page = client.get("/v1/passages").json()
    guide = living(index).edition.guide
    assert page["count"] == len(guide.passages) == len(page["passages"])
    text = guide.articles[0].text
    for passage in page["passages"]:
        assert passage["text"] == text[passage["start"] : passage["end"]]
        assert [point["text"] for point in passage["points"]] == [
            text[point["start"] : point["end"]] for point in passage["points"]
        ]
    assert client.get("/v1/passages?offset=1&limit=1").json()["passages"] == page["passages"][1:2]


def test_helplines_are_the_countrys_and_those_for_anywhere(client: TestClient) -> None:
    everything = client.get("/v1/helplines").json()["helplines"]
    irish = client.get("/v1/helplines?country=ie").json()["helplines"]
    assert len(everything) == len(registry().lines)
    assert {line["country"] for line in irish} == {"IE", "*"}
    assert all(line["source"] for line in everything)


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "`question` can't be used: field required; see /v1/openapi.json."),
        ({"question": 7}, 422, "`question` can't be used: input should be a valid string; see /v1/openapi.json."),
        ({"question": "?!"}, 422, "The question has no words, only “?!”; type what you want to know."),
        (
            {"question": "x" * (MAX_QUESTION_CHARACTERS + 1)},
            422,
            "The question has 8,001 characters, and 8,000 are the limit; shorten it to what you want to know.",
        ),
        ({"question": QUESTION, "histroy": []}, 422, "`histroy` can't be used: extra inputs are not permitted;"),
        ({"question": QUESTION, "country": "Atlantis"}, 422, "`country` can't be used: string should match"),
        ({"question": QUESTION, "history": [{"role": "system", "content": "x"}]}, 422, "`history.0"),
        ([], 422, 'The request holds no JSON object; send {"question": "…"} as application/json.'),
        (QUESTION, 422, 'The request holds no JSON object; send {"question": "…"} as application/json.'),
    ],
)
def test_what_cannot_be_used_is_named_in_one_sentence(
    client: TestClient, sent: Any, status: int, sentence: str
) -> None:
    answer = client.post("/v1/ask", json=sent)
    assert answer.status_code == status
    assert answer.json()["error"].startswith(sentence)
    asked = isinstance(sent, dict) and isinstance(sent.get("question"), str)
    assert ("safety" in answer.json()) == asked


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b'{"question": "x"', "application/json"),
        (b"question=x", "application/x-www-form-urlencoded"),
        (b'{"question": "What calms bees?"}', "text/plain"),
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_what_is_not_json_gets_a_sentence(client: TestClient, body: bytes, kind: str) -> None:
    answer = client.post("/v1/ask", content=body, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize(
    "sent",
    [
        {"question": CRISIS, "history": [{"role": "oracle", "content": "x"}]},
        {"question": CRISIS, "country": 7},
        {"question": CRISIS + " " * MAX_QUESTION_CHARACTERS},
        {"question": QUESTION, "history": [CRISIS], "odd": 1},
    ],
)
def test_the_way_to_help_is_in_every_error_after_a_question(client: TestClient, sent: Any) -> None:
    answer = client.post("/v1/ask", json=sent)
    assert answer.status_code == 422
    assert answer.json()["safety"]["helplines"]


def test_half_a_character_is_refused_or_answered_but_never_a_failure(client: TestClient) -> None:
    answer = client.post(
        "/v1/ask", content=b'{"question": "I want to die \\ud83d"}', headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 422)
    assert answer.json()["safety"]["level"] == "crisis"


def test_a_failure_of_guide_itself_carries_the_help_card(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AnswerError("Guide failed while it searched (MemoryError: ); please ask again.")

    monkeypatch.setattr("guide.guide.Guide.ask", fail)
    answer = web().post("/v1/ask", json={"question": CRISIS})
    assert answer.status_code == 500
    assert answer.json()["safety"]["level"] == "crisis"


def test_a_failure_that_nobody_foresaw_is_one_sentence(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("xylophone")

    monkeypatch.setattr("guide.guide.Guide.ask", fail)
    answer = web().post("/v1/ask", json={"question": QUESTION})
    assert (answer.status_code, answer.json()) == (500, {"error": "Guide itself failed; please try again."})
    assert "RuntimeError" in caplog.text
    assert "xylophone" not in caplog.text


def test_the_wrong_method_is_told_which_is_right(client: TestClient) -> None:
    answer = client.get("/v1/ask")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "GET isn't possible here; see /v1/openapi.json."}


@pytest.mark.parametrize("declared", [True, False])
def test_a_request_over_the_limit_is_refused_with_the_limit_named(client: TestClient, declared: bool) -> None:
    body = b" " * (MAX_BODY_BYTES + 1)
    content = body if declared else iter([body[:1000], body[1000:]])
    answer = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (413, {"error": "A request may hold 256 KB; send less."})


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("api")
    app = web_app(living(built(folder)), WebSettings(questions_per_minute=0), chat=False)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode)[:2])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/ask"), ("POST", "/v1/assess"), ("GET", "/v1/passages"), ("GET", "/v1/helplines")]
)
def test_the_document_tells_what_the_server_does(api: Any, method: str, path: str, mode: GenerationMode) -> None:
    # A question of blanks or signs alone fits the schema and is refused: no schema can say "a word of any script".
    excluded = [checks.positive_data_acceptance] if method == "POST" else []

    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=40, database=None)
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=excluded)

    holds()


def test_the_document_names_the_four_addresses(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    assert set(document["paths"]) == {"/v1/ask", "/v1/assess", "/v1/passages", "/v1/helplines"}
