"""The chat: a Gradio interface over `Guide.ask`. Gradio is imported only when a page is built."""
