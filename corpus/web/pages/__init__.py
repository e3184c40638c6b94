"""The pages of the studio, a module a subject: a request in, a view out."""
