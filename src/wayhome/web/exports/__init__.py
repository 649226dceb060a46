"""Everything an organization owns, out as CSV, XLSX or JSON lines, and back in: no lock-in."""
