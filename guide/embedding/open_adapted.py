"""Opens the model of an adapter, exported first where the cache doesn't hold it."""

from guide.embedding.adapted_model import AdaptedModel, Adapter
from guide.embedding.model_cache import Export, find_export, say_exporting
from guide.errors import ModelError


def open_adapted(adapter: Adapter) -> AdaptedModel | None:
    """The model of `adapter`, exported first where the cache doesn't hold it; None where all-MiniLM-L6-v2 isn't here,
    or what exporting needs.

    Raises:
        AdapterError: the adapter is missing or damaged.
    """
    try:
        found = find_export(adapter.sha256(), "int8") or _exported(adapter)
    except ModelError:
        return None
    return AdaptedModel(found, adapter.outputs)


def _exported(adapter: Adapter) -> Export:
    say_exporting(adapter.name)
    try:
        from guide.embedding.export_adapted import export_adapted

        return export_adapted(adapter)
    except ImportError as error:
        raise ModelError(f"Exporting {adapter.name} needs {error.name}, which isn't installed.") from error
