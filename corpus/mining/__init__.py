"""Which documents of a corpus translate each other, found by what they say."""
