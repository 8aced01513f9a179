"""The REST interface: what it gives, how it refuses, and that its document tells the truth."""

import json
from dataclasses import asdict
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
from guide.request import MAX_QUESTION_CHARACTERS
from guide.safety.helplines import registry
from guide.safety.professionals import professional_routes, professionals
from guide.safety.wording import only_english
from guide.web.application import web_app
from guide.web.settings import MAX_BODY_BYTES, WebSettings

KEYS_KNOWN = "expected one of question, history, country, withdrawn, articles; see /v1/openapi.json."
A_CODE = "it must be a two-letter code such as US or IE, or left out."
A_TURN = "it must be a text or an object with `role` (user or assistant) and `content`; see /v1/openapi.json."


@pytest.fixture
def client(web: Web) -> TestClient:
    return web()


def test_ask_gives_the_answer_of_the_guide_as_json(client: TestClient, index: Any) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION, "history": ["Hello"], "country": "IE"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    same = answer_to_json(living(index).snapshot.guide.ask(QUESTION, ["Hello"], "IE"))
    assert answer.json() == json.loads(json.dumps(same))
    assert "Cool smoke calms bees" in answer.json()["passages"][0]["text"]


def test_ask_says_that_it_does_not_understand_the_language(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "mon mari ne me parle plus du tout"}).json()
    assert answer["reply"] == only_english("fr")
    assert answer["safety"]["language"] == "fr"
    assert answer["passages"] == answer["not_mentioned"] == answer["related"] == []


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
    assert many.json()["error"] == (
        "`articles` can't be used; it must be a list of at most 100 articles' ids; see /v1/openapi.json."
    )


def test_assess_gives_the_safety_part_and_searches_nothing(client: TestClient) -> None:
    safety = client.post("/v1/assess", json={"question": CRISIS, "country": "IE"}).json()
    assert safety["level"] == "crisis"
    assert safety["helplines"][0]["country"] == "IE"
    assert client.post("/v1/assess", json={"question": QUESTION}).json()["level"] == "none"


def test_passages_are_the_articles_words_at_their_places(client: TestClient, index: Any) -> None:
    page = client.get("/v1/passages").json()
    guide = living(index).snapshot.guide
    assert page["count"] == len(guide.passages) == len(page["passages"])
    text = guide.articles[0].text
    for passage in page["passages"]:
        assert passage["text"] == text[passage["start"] : passage["end"]]
        assert [point["text"] for point in passage["points"]] == [
            text[point["start"] : point["end"]] for point in passage["points"]
        ]
    assert client.get("/v1/passages?offset=1&limit=1").json()["passages"] == page["passages"][1:2]


def test_articles_and_passages_are_listed_page_by_page(tmp_path: Path) -> None:
    index = built(tmp_path, wasps=ARTICLE.replace("bees", "wasps"), ants=ARTICLE.replace("bees", "ants"))
    client = TestClient(web_app(living(index), WebSettings(), chat=False))

    def pages(address: str, kind: str) -> list[list[str]]:
        found, more = [], "?limit=2" + ("&" + address.partition("?")[2] if "?" in address else "")
        while more:
            page = client.get(f"{address.partition('?')[0]}{more}").json()
            found.append([one["id"] for one in page[kind]])
            more = page["next"]
        return found

    assert pages("/v1/articles", "articles") == [["bees", "wasps"], ["ants"]]
    listed = client.get("/v1/articles").json()
    assert (listed["count"], listed["next"]) == (3, "")
    assert listed["articles"][2]["title"] == "Keeping ants calm"
    of_all = [id for page in pages("/v1/passages", "passages") for id in page]
    of_each = [page for one in ("bees", "wasps", "ants") for page in pages(f"/v1/passages?article={one}", "passages")]
    by_article = [id for page in of_each for id in page]
    assert of_all == by_article
    assert len(of_all) == client.get("/v1/passages").json()["count"]


@pytest.mark.parametrize("query", ["articles?after=moths", "passages?article=moths"])
def test_an_article_that_is_not_there_is_said_in_a_sentence(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/{query}")
    sentence = "The index has no article 'moths'; /v1/articles lists those it has."
    assert (answer.status_code, answer.json()) == (404, {"error": sentence})


def test_ways_to_a_professional_are_the_countrys_or_the_international_directory(client: TestClient) -> None:
    everything = client.get("/v1/professionals").json()
    assert len(everything["routes"]) == len(professionals().routes)
    assert everything["first_call"] == list(professionals().first_call)
    norwegian = client.get("/v1/professionals?country=no").json()
    assert norwegian["first_call"] == everything["first_call"]
    [route] = norwegian["routes"]
    assert route == asdict(professional_routes("NO")[0])
    assert (route["country"], route["cost"], bool(route["source"]), bool(route["seen"])) == ("NO", "Free", True, True)
    assert client.get("/v1/professionals?country=uk").json() == client.get("/v1/professionals?country=GB").json()
    assert [route["country"] for route in client.get("/v1/professionals?country=ZZ").json()["routes"]] == ["*"]


def test_helplines_are_the_countrys_and_those_for_anywhere(client: TestClient) -> None:
    everything = client.get("/v1/helplines").json()["helplines"]
    irish = client.get("/v1/helplines?country=ie").json()["helplines"]
    assert len(everything) == len(registry().lines)
    assert {line["country"] for line in irish} == {"IE", "*"}
    assert all(line["source"] for line in everything)


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, 'The request has no `question`; send {"question": "…"} as application/json.'),
        (
            {"question": 7},
            422,
            "`question` is a number; it must be a text of 1 to 8,000 characters; see /v1/openapi.json.",
        ),
        (
            {"question": ""},
            422,
            "`question` can't be used; it must be a text of 1 to 8,000 characters; see /v1/openapi.json.",
        ),
        (
            {"question": "x" * (MAX_QUESTION_CHARACTERS + 1)},
            422,
            "The question has 8,001 characters, and 8,000 are the limit; shorten it to what you want to know.",
        ),
        (
            {"question": QUESTION, "histroy": []},
            422,
            f"There is no key 'histroy'; {KEYS_KNOWN}",
        ),
        (
            {"question": QUESTION, "\ud83d\n": []},
            422,
            f"There is no key '�\\n'; {KEYS_KNOWN}",
        ),
        ({"question": QUESTION, "country": "Atlantis"}, 422, f"The country is 'Atlantis'; {A_CODE}"),
        ({"question": QUESTION, "country": ""}, 422, f"The country is ''; {A_CODE}"),
        ({"question": QUESTION, "country": 7}, 422, f"The country is a number; {A_CODE}"),
        (
            {"question": QUESTION, "history": "Hello"},
            422,
            "`history` is a text; it must be a list of at most 200 turns; see /v1/openapi.json.",
        ),
        (
            {"question": QUESTION, "history": ["Hello"] * 201},
            422,
            "`history` can't be used; it must be a list of at most 200 turns; see /v1/openapi.json.",
        ),
        ({"question": QUESTION, "history": [7]}, 422, f"Entry 1 of the history is a number; {A_TURN}"),
        ({"question": QUESTION, "history": ["Hello", None]}, 422, f"Entry 2 of the history is empty; {A_TURN}"),
        (
            {"question": QUESTION, "history": [{"role": "system", "content": "x"}]},
            422,
            f"Entry 1 of the history can't be used; {A_TURN}",
        ),
        (
            {"question": QUESTION, "history": [{"role": "user", "content": "x", "level": "none"}]},
            422,
            f"Entry 1 of the history can't be used; {A_TURN}",
        ),
        (
            {"question": QUESTION, "articles": ["bees", 7]},
            422,
            "Entry 2 of the articles is a number; it must be a text of at most 200 characters, an article's id; "
            "see /v1/openapi.json.",
        ),
        ([], 422, 'The request holds no JSON object; send {"question": "…"} as application/json.'),
        (QUESTION, 422, 'The request holds no JSON object; send {"question": "…"} as application/json.'),
    ],
)
def test_what_cannot_be_used_is_named_in_one_sentence(
    client: TestClient, sent: Any, status: int, sentence: str
) -> None:
    # Not json=, which can't send halves of characters.
    answer = client.post("/v1/ask", content=json.dumps(sent), headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["error"] == sentence
    asked = isinstance(sent, dict) and isinstance(sent.get("question"), str)
    assert ("safety" in answer.json()) == asked


def test_a_message_without_words_is_answered_and_no_error(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "?!"})
    assert answer.status_code == 200
    assert (answer.json()["act"], answer.json()["passages"]) == ("gibberish", [])
    assert answer.json()["reply"]


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


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("passages?limit=many", "`limit` is 'many'; it must be a whole number from 1 to 1,000; see /v1/openapi.json."),
        ("passages?limit=1001", "`limit` is '1001'; it must be a whole number from 1 to 1,000; see /v1/openapi.json."),
        ("articles?limit=0", "`limit` is '0'; it must be a whole number from 1 to 1,000; see /v1/openapi.json."),
        (
            f"articles?after={'x' * 201}",
            f"`after` is '{'x' * 18}…; it must be an article's id of at most 200 characters; see /v1/openapi.json.",
        ),
        (
            "passages?offset=-1",
            "`offset` is '-1'; it must be a whole number from 0 to 10,000,000; see /v1/openapi.json.",
        ),
        ("helplines?country=Ireland", f"The country is 'Ireland'; {A_CODE}"),
        ("professionals?country=Ireland", f"The country is 'Ireland'; {A_CODE}"),
    ],
)
def test_what_a_query_cannot_say_is_named(client: TestClient, query: str, sentence: str) -> None:
    answer = client.get(f"/v1/{query}")
    assert (answer.status_code, answer.json()) == (422, {"error": sentence})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([7], "`question` is a number; it must be a text of 1 to 8,000 characters; see /v1/openapi.json."),
        ([QUESTION, [7]], f"Entry 1 of the history is a number; {A_TURN}"),
        ([QUESTION, [], "Ireland"], f"The country is 'Ireland'; {A_CODE}"),
        ([], "`data` can't be used; it must be a list of the question and, if you like, the history and the country; "),
        (None, 'The request has no `data`; send {"data": ["…"]} as application/json.'),
    ],
)
def test_the_chats_own_endpoint_says_the_same(index: Any, data: object, sentence: str) -> None:
    client = TestClient(web_app(living(index), WebSettings(questions_per_minute=0)))
    answer = client.post("/gradio_api/run/ask", json={} if data is None else {"data": data})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(sentence)


def test_uk_is_gb(client: TestClient) -> None:
    for country in ("UK", "uk"):
        british = client.get(f"/v1/helplines?country={country}").json()["helplines"]
        assert {line["country"] for line in british} == {"GB", "*"}
        for path in ("/v1/ask", "/v1/assess"):
            said = client.post(path, json={"question": CRISIS, "country": country}).json()
            assert said.get("safety", said)["helplines"][0]["country"] == "GB"


@pytest.mark.parametrize(
    "sent",
    [
        {"question": f"{QUESTION} \ud83d"},
        {"question": QUESTION, "history": ["Hello \ud83d"]},
        {"question": QUESTION, "history": [{"role": "user", "content": "Hello \ud83d"}]},
    ],
    ids=["question", "text", "turn"],
)
def test_half_a_character_becomes_a_sign(client: TestClient, sent: dict[str, Any]) -> None:
    body = {"content": json.dumps(sent), "headers": {"content-type": "application/json"}}
    answer = client.post("/v1/ask", **body)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert answer.json()["question"] == sent["question"].replace("\ud83d", "�")
    assert client.post("/v1/assess", **body).json()["level"] == "none"  # type: ignore[arg-type]


def test_half_a_character_in_an_articles_id_names_no_article(client: TestClient) -> None:
    body = json.dumps({"question": CRISIS + " \ud83d", "articles": ["\ud83d"]})
    answer = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert answer.json()["safety"]["level"] == "crisis"
    body = json.dumps({"question": QUESTION, "articles": ["\ud83d"]})
    answer = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert answer.json()["error"] == "The index has no article '�'; `guide articles` lists those it has."


def test_a_failure_of_guide_itself_carries_the_help_card(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AnswerError("Guide failed while it searched (MemoryError: ); please ask again.")

    monkeypatch.setattr("guide.guide.Guide.answer", fail)
    answer = web().post("/v1/ask", json={"question": CRISIS})
    assert answer.status_code == 500
    assert answer.json()["safety"]["level"] == "crisis"


def test_a_failure_that_nobody_foresaw_is_one_sentence(
    web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("xylophone")

    monkeypatch.setattr("guide.guide.Guide.answer", fail)
    answer = web().post("/v1/ask", json={"question": QUESTION})
    assert (answer.status_code, answer.json()) == (500, {"error": "Guide itself failed; please try again."})
    assert "RuntimeError" in caplog.text
    assert "xylophone" not in caplog.text


def test_the_wrong_method_is_told_which_is_right(client: TestClient) -> None:
    answer = client.get("/v1/ask")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "GET isn't possible here; use POST."}


PATHS = {
    "/v1/ask": "POST",
    "/v1/assess": "POST",
    "/v1/passages": "GET",
    "/v1/helplines": "GET",
    "/v1/professionals": "GET",
    "/health": "GET",
}


@pytest.mark.parametrize("chat", [False, True], ids=["without the chat", "with it"])
def test_every_wrong_method_is_told_which_is_right(chat: bool, index: Any) -> None:
    client = TestClient(web_app(living(index), WebSettings(questions_per_minute=0), chat=chat))
    for path, right in PATHS.items():
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
            answer = client.request(method, path)
            if method == right:
                assert answer.status_code != 405, path
                continue
            assert (answer.status_code, answer.headers["allow"]) == (405, right), f"{method} {path}"
            assert answer.json() == {"error": f"{method} isn't possible here; use {right}."}
        if right == "POST":
            assert client.head(path).status_code == 405
    assert client.put("/v1/openapi.json").json() == {"error": "PUT isn't possible here; use GET, HEAD."}
    # Nothing is there unless metrics are on.
    for method in ("GET", "POST"):
        absent = client.request(method, "/metrics")
        assert absent.status_code == 404
        assert absent.json() == {"error": "There is nothing here; the chat is at / and the API under /v1/."}


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
    ("method", "path"),
    [
        ("POST", "/v1/ask"),
        ("POST", "/v1/assess"),
        ("GET", "/v1/passages"),
        ("GET", "/v1/helplines"),
        ("GET", "/v1/professionals"),
    ],
)
def test_the_document_tells_what_the_server_does(api: Any, method: str, path: str, mode: GenerationMode) -> None:
    # A question of blanks or signs alone fits the schema and is refused: no schema can say "a word of any script".
    excluded = [checks.positive_data_acceptance] if method == "POST" else []

    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @settings(max_examples=40, database=None)
    def holds(case: schemathesis.Case) -> None:
        answer = case.call()
        # What is too large is refused before anybody looks at what it holds.
        if answer.status_code != 413:
            case.validate_response(answer, excluded_checks=excluded)

    holds()


def test_the_document_names_the_addresses(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/ask", "/v1/assess", "/v1/articles", "/v1/passages", "/v1/helplines", "/v1/professionals"
    }  # fmt: skip
