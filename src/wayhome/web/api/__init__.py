"""The API and the importers and exporters: everything an organization owns goes in and out."""
