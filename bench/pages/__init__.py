"""The pages in a real browser: pictures for the documents, and how they do on a slow phone with much to show."""
