""".docx, .xlsx and .pdf in and out, bounded against hostile files; the NĐ 30/2020 layout."""
