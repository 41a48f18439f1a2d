"""A run folder: state, jobs, tables, package, finished runs."""
