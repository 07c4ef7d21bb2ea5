"""The scheduler process: ``python -m jobs``. One module a job, the run record, the lease, the schedule.

It reads and writes the store and keeps nothing else; the web process never imports it.
"""
