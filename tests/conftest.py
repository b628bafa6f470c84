"""How hypothesis works here: the same examples every time, few by default.

`HYPOTHESIS_PROFILE=deep` looks longer and elsewhere each time.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fast",
    deadline=None,  # machines differ, promises do not
    max_examples=50,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("fast"), max_examples=2_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
