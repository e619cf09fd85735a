"""The project's own tools: source reader, secret scan, generated pages. Not part of the package."""
