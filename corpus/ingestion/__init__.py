"""Files into a workspace: found, read, cleaned, dated, cut and named."""
