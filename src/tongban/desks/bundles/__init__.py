"""One kind of thing: lawful and market services in a bundle."""
