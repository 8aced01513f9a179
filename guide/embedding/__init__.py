"""Text → vectors: the sentence encoder, its export and what runs it."""
