"""The bytes of a page → its text, in the encoding that browsers would take."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from guide.articles.decoding import decode_text
from guide.errors import ArticleError

_NAMED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

_AS_BROWSERS_DO = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "windows-949": "cp949", "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "x-cp1252": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "x-cp1251": "cp1251", "unicode": "utf-8",
}  # fmt: skip
"""The encodings that browsers take for names that pages use more widely than they stand for, after WHATWG's standard
(https://encoding.spec.whatwg.org/#names-and-labels)."""

_MISTAKES_AMONG = 1000
"""Of this many characters one may be broken in a page that is read all the same."""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of HTML or XHTML, and what there is to say of its encoding, as the end of a sentence that begins with
    the file's name.

    A byte-order mark decides; then that it is UTF-8 all through; then the encoding that the page names, wherever that
    stands; a page that names none is read as a text file is.

    Raises:
        ArticleError: it is in none of these.
    """
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _text(data.decode("utf-16", "replace"), "utf-16")
    if data.startswith(BOM_UTF8):
        return _text(data.decode("utf-8-sig", "replace"), "utf-8")
    named = _NAMED.search(data)
    label = named[1].decode("ascii", "replace").lower() if named else ""
    # A page that names UTF-16 in plain bytes isn't in it.
    encoding = "utf-8" if label.startswith("utf-16") else _AS_BROWSERS_DO.get(label, label)
    is_shifted = encoding.startswith("iso-2022") and b"\x1b" in data
    if not label:
        text, note = decode_text(data)
        return _DECLARATION.sub("", text), note
    if not is_shifted:
        try:
            return _DECLARATION.sub("", data.decode("utf-8")), ""
        except UnicodeDecodeError:
            pass
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        raise ArticleError(f"says that its encoding is {label!r}, which is unknown; save it as UTF-8.") from None
    return _text(text, label)


def _text(text: str, label: str) -> tuple[str, str]:
    broken = text.count("\ufffd")
    if broken * _MISTAKES_AMONG > len(text):
        before = " ".join(text[max(0, text.index("\ufffd") - 30) : text.index("\ufffd")].split())
        raise ArticleError(
            f"says that its encoding is {label}, which isn't so ({broken:,} characters can't be read, the first after "
            f"“{before}”); save it as UTF-8."
        )
    note = (
        f"has {broken:,} characters that can't be read in its encoding, {label}; they stand as \ufffd."
        if broken
        else ""
    )
    return _DECLARATION.sub("", text), note
