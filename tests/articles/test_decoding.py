"""The encodings of text files: each is told, and what was guessed is said."""

import pytest

from guide.articles.decoding import decode_text
from guide.errors import ArticleError

TEXTS = [
    ("It’s a “quiet” evening – nobody minds.", "cp1252", "Windows-1252"),
    ("Le café est fermé à Noël ; l’été, on y boit du thé glacé.", "cp1252", "Windows-1252"),
    ("Sessizlik her zaman ceza değildir. Yavaşça konuşun, şimdi dinleyin.", "cp1254", "Windows-1254"),
    ("Żółw i gęś idą przez łąkę. Proszę mówić po polsku, żeby było łatwiej.", "cp1250", "Windows-1250"),
    ("Человек молчит, потому что ему страшно. Это пройдёт со временем.", "cp1251", "cp1251"),
    ("Человек молчит, потому что ему страшно. Это пройдёт со временем.", "koi8-r", "koi8-r"),
    ("安静的人也在感受。慢慢说，好好听。", "gbk", "gb18030"),
    ("静かな人も感じています。ゆっくり話してください。", "shift_jis", "cp932"),
]


@pytest.mark.parametrize(("text", "encoding", "named"), TEXTS, ids=[f"{row[1]} {row[0][:6]}" for row in TEXTS])
def test_text_without_a_label_is_read_and_what_was_guessed_is_said(text: str, encoding: str, named: str) -> None:
    found, note = decode_text(text.encode(encoding))
    assert found == text
    assert "isn't UTF-8 (byte " in note
    assert f"was read as {named}" in note


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_word(encoding: str) -> None:
    text = "Tea, café and 茶 – all of it."
    assert decode_text(text.encode(encoding)) == (text, "")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"Tea\x00pot", "is a binary file"),
        (bytes(range(256)), "is a binary file"),
        (b"\xff\xfeT\x00\x00\xd8", "isn't in UTF-16, as it begins (byte 4 is 0x00); save it as UTF-8."),
    ],
)
def test_what_cant_be_told_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(ArticleError) as caught:
        decode_text(data)
    assert says in str(caught.value)
