"""What a search looks in: vectors and words, in segments."""
