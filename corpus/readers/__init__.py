"""Files of each format in, text with its offsets out; one module a format."""
