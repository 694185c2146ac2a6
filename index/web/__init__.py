"""Web pages and feeds as seeds: fetched with care, and stored as Markdown files."""
