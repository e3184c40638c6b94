"""Where to look in long texts: a corridor, and windows along it."""
