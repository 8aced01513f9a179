"""Exported models: ONNX graphs of embedding models, kept for all indexes in one folder, by their weights' SHA-256.

The folder is `$GUIDE_CACHE`, else the user's cache folder.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from guide.embedding.encoder import Agreement
from guide.errors import ModelError
from guide.hashing import file_sha256

Precision = Literal["float32", "int8"]
"""Weights of 32 bits, or of 8 bits in blocks that have a scale each."""

EXPORT_VERSION = 2
"""The version of the way a model is exported: what another version exported isn't used."""

GRAPH_FILE = "model.onnx"
WEIGHTS_FILE = "model.onnx.data"
TOKENIZER_FILE = "tokenizer.json"
_RECORD = "export.json"


@dataclass(frozen=True, slots=True)
class Export:
    """An exported model in the cache: its folder, and what must be known to run it."""

    folder: Path
    dimension: int
    """How many numbers each of its vectors has."""
    pad_id: int
    """The token that fills up a batch's shorter texts."""
    agreement: Agreement
    """How near its vectors come to those of the model that it was made from."""
    files: Mapping[str, str]
    """Each file's SHA-256 by its name."""

    def write(self) -> None:
        """Writes the record of the export into its folder."""
        record = {"dimension": self.dimension, "pad_id": self.pad_id, "agreement": asdict(self.agreement)}
        text = json.dumps(record | {"files": dict(self.files)}, indent=1) + "\n"
        (self.folder / _RECORD).write_text(text, encoding="utf-8")

    def damaged(self) -> str:
        """The name of a file that isn't what was exported; an empty string if all are."""
        for name, digest in self.files.items():
            try:
                if file_sha256(self.folder / name) != digest:
                    return name
            except OSError:
                return name
        return ""


def cache_folder() -> Path:
    """The folder in which exported models are kept: `$GUIDE_CACHE`, else the user's cache folder."""
    if set_to := os.environ.get("GUIDE_CACHE"):
        return Path(set_to)
    from platformdirs import user_cache_path

    return user_cache_path("guide", appauthor=False)


def export_folder(weights_sha256: str, precision: Precision) -> Path:
    """The folder that the export of these weights has in the cache."""
    return cache_folder() / "models" / f"{weights_sha256}-{precision}-{EXPORT_VERSION}"


def find_export(weights_sha256: str, precision: Precision) -> Export | None:
    """The export of these weights; nothing if there is none, or its record can't be read."""
    folder = export_folder(weights_sha256, precision)
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return Export(folder, record["dimension"], record["pad_id"], Agreement(**record["agreement"]), record["files"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelError(
            f"The exported model in {folder} can't be read ({error.strerror}); set GUIDE_CACHE to a folder that can."
        ) from None
    except (ValueError, KeyError, TypeError):
        return None


def say_exporting(name: str) -> None:
    """Tells whoever waits that the model of this name is exported now."""
    print(
        f"guide: {name} is exported to ONNX, once for all indexes; that takes about 15 seconds.",
        file=sys.stderr,
        flush=True,
    )
