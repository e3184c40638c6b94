"""Google's multilingual Universal Sentence Encoder, in numpy."""
