"""Commands about pairs: aligning, linking, mining, reviewing, training, exporting; one file a command."""
