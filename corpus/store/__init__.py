"""The workspace on disk: tables in immutable segments, one state file, locks, transactions."""
