"""Where work runs: threads and processes."""
