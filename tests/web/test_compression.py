"""What is fetched comes compressed, and no answer does."""

import gzip
from collections.abc import Iterator

import pytest
from web.conftest import CRISIS, built, serving
from web.test_chat_server import send


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(built(tmp_path_factory.mktemp("compressed"))) as found:
        yield found


def test_the_first_page_comes_compressed_to_who_can_read_it(address: str) -> None:
    status, headers, body = send(address, "GET", "/", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "Accept-Encoding" in headers["vary"]
    plain_status, plain_headers, plain = send(address, "GET", "/")
    assert (plain_status, plain_headers.get("content-encoding")) == (200, None)
    assert len(gzip.decompress(body)) == len(plain) > 4 * len(body)
    assert headers["content-security-policy"] == plain_headers["content-security-policy"]


def test_an_answer_is_as_long_as_it_is(address: str) -> None:
    for target in ("/v1/ask", "/gradio_api/run/ask"):
        asked = (
            {"question": f"{CRISIS}. " * 60, "country": "US"}
            if target == "/v1/ask"
            else {"data": [f"{CRISIS}. " * 60, [], "US"]}
        )
        status, headers, body = send(address, "POST", target, asked, Accept_Encoding="gzip, br")
        assert (status, headers.get("content-encoding")) == (200, None)
        assert int(headers["content-length"]) == len(body) > 2_000
