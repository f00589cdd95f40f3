"""From files to a searchable index: load, check, chunk, embed, build."""
