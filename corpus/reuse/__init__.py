"""Text that stands in several documents: reprints, and what repeats inside a corpus."""
