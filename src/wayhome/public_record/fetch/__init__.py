"""Where each publication is kept, and how it is downloaded so that nobody doubts what it is."""
