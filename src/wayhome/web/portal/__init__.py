"""For the person who asks for help, their family or their helper: few questions, safely, resumable."""
