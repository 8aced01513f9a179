"""The address of the script for other websites."""

from pathlib import Path

from web.conftest import Web, built, serving
from web.test_chat_server import send


def test_any_website_may_load_the_script_and_nothing_else(chat: str) -> None:
    status, headers, body = send(chat, "GET", "/embed.js")
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cache-control"] == "no-store"
    assert body.startswith(b"// Guide on another website")
    assert send(chat, "GET", "/")[1]["cross-origin-resource-policy"] == "same-origin"


def test_it_speaks_the_language_of_the_chat(chat: str) -> None:
    assert b'"close": "Cerrar"' in send(chat, "GET", "/embed.js", accept_language="es-MX")[2]
    assert b'"close": "Close"' in send(chat, "GET", "/embed.js", accept_language="xx")[2]


def test_only_get_is_possible(chat: str) -> None:
    status, headers, _ = send(chat, "POST", "/embed.js", {})
    assert (status, headers["allow"]) == (405, "GET")


def test_a_password_is_asked_for_it_too(tmp_path: Path) -> None:
    with serving(built(tmp_path), password=Path(__file__).stem) as address:
        assert send(address, "GET", "/embed.js")[0] == 401


def test_without_the_chat_there_is_no_script(web: Web) -> None:
    assert web().get("/embed.js").status_code == 404
