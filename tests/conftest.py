"""How many random examples are tried: few enough for every run, more on request.

`WAYHOME_EXAMPLES=5000 pytest tests/generative` looks harder.
"""

import os

from hypothesis import HealthCheck, settings

slow_is_fine = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "wayhome",
    max_examples=int(os.environ.get("WAYHOME_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=slow_is_fine,
    print_blob=True,
)
settings.load_profile("wayhome")
