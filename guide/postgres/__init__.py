"""The index in PostgreSQL with pgvector: candidates come from the database, everything else is as with a folder."""
