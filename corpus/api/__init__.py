"""The front door for a notebook: `Corpus`, a method for every command."""
