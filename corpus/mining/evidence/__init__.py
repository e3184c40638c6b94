"""What says that two documents, or two sentences, translate each other."""
