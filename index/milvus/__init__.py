"""The index on a Milvus server instead of in a folder: published to, read from, copied back."""
