# Guide in a container: the first stage exports the model and builds the index of corpus/, the second one only answers.
# docs/deploy.md says how to use it.

FROM python:3.11-slim-bookworm AS builder
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    HF_HUB_OFFLINE=1 \
    GUIDE_CACHE=/model
WORKDIR /source
# Before the sources: a change of theirs doesn't install it all again.
COPY deploy/requirements.txt /lists/serving.txt
COPY deploy/space/requirements.txt /lists/building.txt
RUN pip install --no-deps --extra-index-url "$TORCH_INDEX" -r /lists/building.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-deps -r /lists/serving.txt
COPY pyproject.toml setup.py README.md LICENSE NOTICE ./
COPY corpus corpus
COPY guide guide
RUN pip wheel --no-deps --wheel-dir /wheel . \
    && pip install --no-deps /wheel/*.whl \
    && /venv/bin/pip install --no-deps /wheel/*.whl
# Whoever the second stage runs as may read them.
RUN guide build corpus --index /index && chmod -R a+rX /index /model

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 guide && useradd --system --uid 10001 --gid guide --no-create-home guide
COPY --from=builder /venv /venv
COPY --from=builder /model /model
COPY --from=builder /index /index
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    GUIDE_CACHE=/model
USER 10001:10001
WORKDIR /
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["guide"]
CMD ["serve", "--index", "/index", "--host", "0.0.0.0", "--port", "7860"]
