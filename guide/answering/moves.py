"""What a message about the conversation or the article asks for: again, shorter, more, simpler, an overview, a list."""
