"""The market as a picture: order books that are kept up to date.

`ladder` is one side of a book, `book` the official recipe that keeps one right or says that it is not; `aio`
and `blocking` connect it to a client. Here do not live: the streams themselves, and archives.
"""
