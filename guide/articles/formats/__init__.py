"""Web pages, PDFs, Word documents and e-books → Markdown."""
