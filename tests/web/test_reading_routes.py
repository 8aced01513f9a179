"""What the chat's page fetches while somebody reads: what is found, and what is refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from web.conftest import CRISIS, built, living

from guide.chat.find import MOST_CHARACTERS
from guide.records import ROLES
from guide.web.application import web_app
from guide.web.settings import WebSettings

FIND = {"words": "smoke"}
NAMES = {"words": "bee", "purpose": "read"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    index: Path = built(tmp_path_factory.mktemp("bees"))
    return TestClient(web_app(living(index), WebSettings(questions_per_minute=0)), raise_server_exceptions=False)


def test_words_are_found_up_to_the_limit(web: TestClient) -> None:
    assert "smoke" in web.post("/chat/find", json=FIND).json()["html"]
    for words in ("smoke", "x" * MOST_CHARACTERS):
        assert web.post("/chat/find", json={"words": words}).status_code == 200
        assert web.post("/chat/names", json={**NAMES, "words": words}).status_code == 200


def test_words_of_danger_are_not_searched_for(web: TestClient) -> None:
    found = web.post("/chat/find", json={"words": CRISIS[:MOST_CHARACTERS]}).json()
    assert found["says"] == ""
    assert found["html"]
    assert "places" not in found["html"]


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (door, body | changed, said, why)
    for door, body in (("/chat/find", FIND), ("/chat/names", NAMES))
    for changed, said, why in (
        ({"words": "x" * (MOST_CHARACTERS + 1)}, "`words`", "too long"),
        ({"words": 5}, "`words`", "a number"),
        ({"words": ["smoke"]}, "`words`", "a list"),
        ({"words": None}, "`words`", "nothing"),
        ({"language": "x" * 501}, "`language`", "another text that is too long"),
        ({"folder": "/"}, "There is no key 'folder'", "an unknown key"),
    )
] + [
    ("/chat/find", FIND | {"roles": [*ROLES, "body"]}, "`roles`", "too many roles"),
    ("/chat/find", FIND | {"roles": ["secret"]}, "Entry 1 of the roles", "no such role"),
    ("/chat/find", FIND | {"roles": "body"}, "`roles`", "a text in place of a list"),
    ("/chat/find", FIND | {"article": "x" * 501}, "`article`", "an id that is too long"),
    ("/chat/names", NAMES | {"purpose": "delete"}, "`purpose`", "no such purpose"),
    ("/chat/names", {"words": "bee"}, 'no `purpose`; send {"purpose": …}', "no purpose"),
]


@pytest.mark.parametrize(("door", "body", "said", "why"), REFUSED, ids=[f"{row[0]} {row[3]}" for row in REFUSED])
def test_what_cant_be_looked_for_is_refused_in_a_sentence(
    door: str, body: dict[str, Any], said: str, why: str, web: TestClient
) -> None:
    answer = web.post(door, json=body)
    assert answer.status_code == 422, why
    assert list(answer.json()) == ["error"]
    assert said in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize("door", ["/chat/find", "/chat/names"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"smoke"', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(door: str, body: bytes, web: TestClient) -> None:
    answer = web.post(door, content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert list(answer.json()) == ["error"]


@pytest.mark.parametrize("door", ["/chat/find", "/chat/names", "/chat/article"])
def test_what_is_read_stands_in_no_address(door: str, web: TestClient) -> None:
    assert web.get(door).status_code == 405
