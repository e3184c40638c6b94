"""From a file's bytes to documents: what stands in it, what it says of itself, and what is said of it."""
