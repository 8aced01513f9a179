"""Asks a language model that the operator runs or names, over the protocol that OpenAI's servers speak."""

from guide.config import Endpoint

SECONDS = 20.0
"""How long the model may take; nobody should wait longer for what is only a courtesy."""


def complete(endpoint: Endpoint, prompt: str) -> str:
    """What the model answers to `prompt`; an empty text if it fails or takes longer than `SECONDS`."""
    import httpx

    body = {"model": endpoint.model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    try:
        reply = httpx.post(f"{endpoint.url.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=SECONDS)
        text = reply.raise_for_status().json()["choices"][0]["message"]["content"]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, IndexError, TypeError):
        return ""
    return text if isinstance(text, str) else ""
