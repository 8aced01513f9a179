"""Events of pages of this version and of an earlier one."""

import json
import re

import pytest
from web.test_chat_server import send

EVENT = {"data": [], "fn_index": 10_000, "session_hash": "a"}


def test_a_page_of_this_version_and_a_program_are_heard_and_an_earlier_page_is_told(chat: str) -> None:
    config = json.loads(send(chat, "GET", "/config")[2])
    stamp = re.search(r'name="guide-page" content="(\w+)"', config["head"])
    assert stamp
    own, _, _ = send(chat, "POST", "/gradio_api/run/predict", EVENT, X_Guide_Page=stamp[1])
    program, _, _ = send(chat, "POST", "/gradio_api/run/predict", EVENT)
    assert own == program != 409


@pytest.mark.parametrize("path", ["/gradio_api/run/predict", "/gradio_api/run/predict/"])
def test_an_event_of_an_earlier_page_is_refused(chat: str, path: str) -> None:
    status, _, body = send(chat, "POST", path, EVENT, X_Guide_Page="earlier")
    assert status == 409
    assert json.loads(body) == {"error": "Guide has a new version, and this page is of the earlier one; load it anew."}
