"""Sheets as files: worksheets and CSV read, templates written, faults filled into the clerk's own sheet."""
