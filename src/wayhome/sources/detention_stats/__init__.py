"""ICE's detention statistics workbooks, FY2019 and later."""
