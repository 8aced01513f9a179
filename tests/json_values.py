"""Values that JSON can hold, for hypothesis; and the keys that an answer has as JSON."""

from typing import Any

from hypothesis import strategies as st


def any_json(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any of them, with `texts` as strings and keys."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=8,
    )


KEYS = {
    "": "version question searched_as corrections covered confidence not_mentioned passages related also_asked"
    " phrased act reply choices asks_back answers brief closest safety",
    "choices": "label message",
    "passages": "id article section pages start end text score points",
    "closest": "id article section pages start end text score points",
    "points": "start end text score",
    "related": "question passage_id",
    "safety": "level audience language matches criteria message earlier offer offer_message helplines",
    "matches": "rule start end text",
    "criteria": "id quote passage_id start end",
    "helplines": "name phone sms url hours country",
}


TYPES = {
    "version": int, "question": str, "searched_as": str, "corrections": list, "covered": bool, "confidence": float,
    "not_mentioned": list, "passages": list, "related": list, "also_asked": list, "phrased": list, "act": str,
    "reply": str,
    "choices": list, "asks_back": bool, "answers": str, "brief": bool, "closest": list, "label": str,
    "safety": dict, "id": str,
    "article": str,
    "section": list, "pages": list, "start": int,
    "end": int, "text": str, "score": float, "points": list, "passage_id": str, "level": str,
    "audience": str, "language": str, "matches": list, "criteria": list, "message": str,
    "earlier": str, "offer": str, "offer_message": str, "helplines": list, "rule": str,
    "quote": str, "name": str, "phone": str, "sms": str, "url": str, "hours": str, "country": str,
}  # fmt: skip


def has_its_keys(value: dict[str, object], name: str = "") -> set[str]:
    """Asserts the keys of an object and of all in it, and returns which kinds of objects were seen."""
    assert list(value) == KEYS[name].split()
    seen = {name}
    for key, inner in value.items():
        assert type(inner) is TYPES[key], key
        if key in KEYS:
            for row in inner if isinstance(inner, list) else [inner]:
                seen |= has_its_keys(row, key)
    return seen
