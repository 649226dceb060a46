"""What went wrong, counted across findings: rates with their uncertainty, small counts withheld."""
