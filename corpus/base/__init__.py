"""The ground that every room stands on: errors, files, progress, what ships with the package."""
