"""One file a report: title, columns, rows."""
