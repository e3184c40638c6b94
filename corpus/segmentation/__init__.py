"""Language versions, paragraphs and sentences of a cleaned text."""
