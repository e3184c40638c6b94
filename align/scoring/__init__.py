"""What a bead is scored on: blocks of sentences, words, numbers, paragraphs, features of them."""
