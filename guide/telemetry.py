"""What keeps the libraries that Guide stands on from calling anybody: `os.environ.update(QUIET)` before the first of
them is imported.
"""

import os

QUIET = {
    # ONNX Runtime's own builds report their use to Microsoft, from native code and by default.
    "ORT_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    # Somebody may want a model to be fetched once.
    "HF_HUB_OFFLINE": os.environ.get("HF_HUB_OFFLINE", "1"),
}
