"""The studio: a workspace in the browser, on this computer; a skin over `corpus.api`."""
