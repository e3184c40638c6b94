"""PDFs: a process of its own takes the letters out of the pages, and their places say what belongs together."""
