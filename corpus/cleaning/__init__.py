"""What a page is made of: text, headers, datelines, boilerplate."""
