"""PDFs: a process of its own takes the letters off the pages; their places say what belongs together."""
