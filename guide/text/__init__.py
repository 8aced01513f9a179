"""Words, stems and sentences: plain text in, plain text out; nothing here knows of articles or of Guide."""
