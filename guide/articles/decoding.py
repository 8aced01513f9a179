"""Bytes → text: a text file's in the encoding that it most likely has, a page's in the one that browsers would take."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from guide.errors import ArticleError

_MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"), (BOM_UTF16_LE, "utf-16"),
          (BOM_UTF16_BE, "utf-16"))  # fmt: skip
"""Byte-order marks, UTF-32's before those of UTF-16 that it begins with."""

_IN_WORDS = re.compile(r"[^\W\d_][¡-¿×÷][^\W\d_]|[a-zß-ÿ][À-ÖØ-Þ]|[^\W\d_A-Za-z]{4}")
"""What an encoding of Latin letters makes of others: signs and capitals within words, and accents in a row."""

_SAMPLE_BYTES = 200_000
"""The library looks at no more; a megabyte takes it seconds."""

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


def decode_text(data: bytes) -> tuple[str, str]:
    """The text of a file, and what there is to say of its encoding, as the end of a sentence that begins with the
    article's name. A byte-order mark decides; then whether it is UTF-8 all through; then what the text looks like.

    >>> decode_text("Tea".encode("utf-16"))
    ('Tea', '')

    Raises:
        ArticleError: it is no text, or in an encoding that can't be told.
    """
    encoding = _marked(data) or ("utf-8" if b"\x00" not in data else _unmarked_utf16(data))
    if not encoding:
        raise ArticleError("is a binary file; save it as text with UTF-8 encoding.")
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError as error:
        where = f"byte {error.start:,} is 0x{data[error.start]:02x}"
        if encoding != "utf-8":
            raise ArticleError(f"isn't in {encoding[:6].upper()}, as it begins ({where}); save it as UTF-8.") from None
    text, name = _as_latin(data)
    if text:
        return text, f"isn't UTF-8 ({where}) and was read as {name}; look whether its letters are right."
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE_BYTES], cp_exclusion=["cp1252", "latin_1", "iso8859_15", "utf_7"]).best()
    try:
        text = data.decode(found.encoding) if found else ""
    except UnicodeDecodeError:
        text = ""
    if not found or not text:
        raise ArticleError(f"isn't UTF-8 ({where}), and its encoding can't be told; save it with UTF-8 encoding.")
    name = found.encoding.replace("_", "-")
    return text, f"isn't UTF-8 ({where}) and was read as {name}, which is a guess; look whether its letters are right."


def decode_page(data: bytes) -> tuple[str, str]:
    """The text of HTML or XHTML, and what there is to say of its encoding, as the end of a sentence that begins with
    the file's name.

    A byte-order mark decides; then that it is UTF-8 all through; then the encoding that the page names, wherever that
    stands; a page that names none is read as a text file is.

    Raises:
        ArticleError: it is in none of these.
    """
    if marked := _marked(data):
        return _page_text(data.decode(marked, "replace"), marked.removesuffix("-sig"))
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
    return _page_text(text, label)


def _marked(data: bytes) -> str:
    """The encoding that a byte-order mark names; else nothing."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")


def _page_text(text: str, label: str) -> tuple[str, str]:
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


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 without a mark, told by where the zeros of its ASCII characters stand; else nothing."""
    zeros = data[::2].count(0), data[1::2].count(0)
    if len(data) % 2 or len(data) < 4 or max(zeros) < 0.4 * len(data) / 2 or min(zeros) > 0.05 * max(zeros):
        return ""
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _as_latin(data: bytes) -> tuple[str, str]:
    """The text in the first of the Windows encodings of Latin letters in which it reads like a language, whose accents
    are rare and stand where letters do, and the encoding's name; else nothing.
    """
    for encoding in ("cp1252", "cp1254", "cp1250"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(not character.isascii() for character in text)
        letters = sum(character.isalpha() for character in text)
        # What Turkish looks like in Windows-1252; Icelandic has accents besides.
        is_turkish = encoding == "cp1252" and re.search("[ðþýÐÞÝ]", text) and not re.search("[áíóúÁÍÓÚ]", text)
        if 3 * strange <= letters + 5 and not _IN_WORDS.search(text) and not is_turkish:
            return text, f"Windows-{encoding[2:]}"
    return "", ""
