"""What templates of staff pages may say beside Django's own tags."""
