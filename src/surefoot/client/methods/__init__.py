"""The client's methods, one per request, by chapter: generated from `surefoot.spot`, in two faces.

Here live the methods and the door they all use. What becomes of a request is the business of that door.
"""
