"""What people look at after a screening: pages, tables in the terminal, and result files."""
