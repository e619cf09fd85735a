"""The official chapters of the API, one file each: parameter tables and routes."""
