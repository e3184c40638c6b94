"""Looking after a workspace: status, repair, saved queries."""
