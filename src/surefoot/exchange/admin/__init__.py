"""The admin endpoint: what the operator of an embedded exchange may change while it runs, by name, as JSON.

It answers loopback only, under ``/admin/``; its requests count towards no limit and meet no fault.
"""
