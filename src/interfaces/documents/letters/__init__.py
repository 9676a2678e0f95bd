"""Letters as files: shipped templates, those of bureaus looked through, and letters set as DOCX and PDF."""
