"""How probable it is that a passage is about a query, from all the evidence there is."""
