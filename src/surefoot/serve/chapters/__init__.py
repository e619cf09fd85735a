"""The official chapters of the API, one file each: parameter tables and routes.

Which parameters need or exclude each other is judged by the functions of `serve.combinations` and its kin.
"""
