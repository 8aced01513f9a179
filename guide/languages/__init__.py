"""All that people read, one file a language; nothing here knows of articles or of how it is shown."""
