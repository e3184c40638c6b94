"""What is in a workspace: documents, their versions and pairs, places and citations; subcorpora of them."""
