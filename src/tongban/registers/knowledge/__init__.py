"""The knowledge base: what the city answers, with who says so, since when and by which law."""
