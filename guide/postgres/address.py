"""The address of an index in a database, and how it is shown: never with what is secret."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode

from guide.errors import SearchIndexError

DEFAULT_COLLECTION = "guide"
SCHEMES = ("postgresql://", "postgres://")

_COLLECTION = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PARTS = re.compile(
    r"postgres(?:ql)?://(?:(?P<who>[^/?#]*)@)?(?P<hosts>[^/?#]*)(?:/(?P<database>[^?#]*))?(?:\?(?P<query>.*))?"
)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """An address such as `postgresql://reader@db1,db2/guide?sslmode=verify-full&collection=spring`."""

    conninfo: str = field(repr=False)
    """What libpq connects by: the address without `collection`. It may hold a password."""
    shown: str
    """The address as people may see it."""
    collection: str = DEFAULT_COLLECTION
    """The name of the collection: several guides share a database, each in a schema of its own."""

    def __str__(self) -> str:
        return self.shown

    @classmethod
    def of(cls, text: str) -> "DatabaseAddress":
        """The address that `text` is.

        Raises:
            SearchIndexError: it can't be read as one; the error doesn't repeat what may be secret.

        >>> address = DatabaseAddress.of("postgresql://anna:secret@db/guide?collection=tea&sslmode=require")
        >>> str(address), address.collection, address.conninfo
        ('postgresql://anna@db/guide?collection=tea', 'tea', 'postgresql://anna:secret@db/guide?sslmode=require')
        """
        found = _PARTS.fullmatch(text)
        if found is None:
            raise SearchIndexError(
                "The address of the index can't be read; it should look like postgresql://USER@HOST/DATABASE."
            )
        settings = parse_qsl(found["query"] or "", keep_blank_values=True)
        collection = dict(settings).get("collection", DEFAULT_COLLECTION)
        if not _COLLECTION.fullmatch(collection):
            raise SearchIndexError(
                f"The collection {collection[:60]!r} can't be named so; take small letters, digits and _, at most 40."
            )
        others = [(name, value) for name, value in settings if name != "collection"]
        base = text.partition("?")[0]
        user = unquote((found["who"] or "").partition(":")[0])
        hosts = found["hosts"] or ",".join(value for name, value in others if name == "host")
        named = f"?collection={collection}" if collection != DEFAULT_COLLECTION else ""
        shown = f"postgresql://{f'{user}@' if user else ''}{hosts}/{found['database'] or ''}{named}"
        return cls(base + (f"?{urlencode(others)}" if others else ""), shown, collection)
