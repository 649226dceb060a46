"""For whoever asks for help, their family or helper: few questions, safely, to stop and resume."""
