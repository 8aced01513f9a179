"""Which model the safety gate reads what messages mean with: its own, exported first where the cache doesn't hold it."""

import sys

from guide.embedding.model_cache import Export, find_export
from guide.errors import ModelError
from guide.safety.classifier import GateClassifier, gate_model_sha256


def open_classifier() -> GateClassifier | None:
    """The gate's model, exported first where the cache doesn't hold it; None where all-MiniLM-L6-v2 isn't here, or what
    exporting needs: the gate's rules need none.
    """
    try:
        found = find_export(gate_model_sha256(), "int8") or _exported()
    except ModelError:
        return None
    return GateClassifier(found)


def _exported() -> Export:
    print(
        "guide: the safety gate's model is exported to ONNX, once for all indexes; that takes about 15 seconds.",
        file=sys.stderr,
        flush=True,
    )
    try:
        from guide.safety.export_classifier import export_classifier

        return export_classifier()
    except ImportError as error:
        raise ModelError(f"Exporting the safety gate's model needs {error.name}, which isn't installed.") from error
