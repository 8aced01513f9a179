"""SHA-256 of files, and JSON in a form that always hashes alike."""

import json
from hashlib import file_digest
from pathlib import Path
from typing import Any


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def canonical(value: Any) -> str:
    """`value` as JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
