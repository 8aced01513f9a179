"""How often things stand in the corpus: what was folded, and what writers have appended since."""

from typing import LiteralString

ALL_COUNTED: LiteralString = """
    select key, sum(n)::bigint from (
        select key, n from counts where kind = %(kind)s
        union all
        select one.key, one.by from count_changes, unnest(keys, n) as one(key, by) where kind = %(kind)s
    ) c group by key having sum(n) > 0
"""
"""All that is counted of a kind, such as `total` or `word`, with how often it stands there."""

COUNTED_OF_KEYS: LiteralString = ALL_COUNTED.replace("kind = %(kind)s", "kind = %(kind)s and key = any(%(keys)s)")
"""Those of some keys alone."""
