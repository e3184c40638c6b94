"""Files that are marked up: pages, editions, OCR, lines of JSON."""
