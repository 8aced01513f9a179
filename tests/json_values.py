"""Values that JSON can hold, for hypothesis."""

from typing import Any

from hypothesis import strategies as st


def any_json(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any of them, with `texts` as strings and keys."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=8,
    )
