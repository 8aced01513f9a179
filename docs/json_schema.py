"""Writes the JSON Schemas of what programs exchange with Guide, from the models that read and write it.

    python docs/json_schema.py

The schemas are in `docs/schema/`, one file each.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from guide.commands.batch import AskRow, AssessRow
from guide.evaluate.loaders import EverydayMessage, Question
from guide.web.schema import AnswerModel

FOLDER = Path(__file__).parent / "schema"


class Untitled(GenerateJsonSchema):
    """Titles nothing after its own key: a reader sees the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """False, of every field."""
        return False


@dataclass(frozen=True)
class Document:
    """One file: the model, what it is called, and the keys that may be left out though the model has no default."""

    name: str
    model: type
    title: str
    may_lack: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """The schema; keys that it doesn't name are allowed, as docs/stability.md says."""
        found = TypeAdapter(self.model).json_schema(schema_generator=Untitled)
        required = [key for key in found["required"] if key not in self.may_lack]
        said = {"$schema": GenerateJsonSchema.schema_dialect, "title": self.title}
        return said | {key: value for key, value in found.items() if key != "title"} | {"required": required}


DOCUMENTS = (
    Document("answer", AnswerModel, "An answer of Guide"),
    Document("batch-row", AskRow, "A row of guide ask --batch"),
    Document("assess-row", AssessRow, "A row of guide assess --batch"),
    Document("question-file", Question, "A row of a file for guide evaluate", may_lack=("history",)),
    Document("message-file", EverydayMessage, "A row of a file of everyday messages for guide evaluate"),
)


def files() -> Iterator[tuple[Path, str]]:
    """Each file with what it holds."""
    for document in DOCUMENTS:
        text = json.dumps(document.schema(), indent=2, ensure_ascii=False) + "\n"
        yield FOLDER / f"{document.name}.json", text


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in files():
        path.write_text(text, "utf-8")
