"""Guide over HTTP: one web application that holds the chat, a REST interface and what keeps both private and up."""
