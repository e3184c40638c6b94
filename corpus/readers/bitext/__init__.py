"""Files that hold aligned texts: translation memories, bilingual tables, standoff links."""
