"""Files → articles → passages: everything between a file on disk and the words that can be quoted."""
