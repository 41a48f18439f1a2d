"""Numbers to page: charts, annotated article, sections."""
