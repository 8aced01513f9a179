"""What is searched: articles, vectors and words in a folder on disk, built, saved, opened and checked."""
