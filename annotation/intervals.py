"""Wilson's interval of a share. Core: no Django."""

import math

Z = 1.959963984540054
"""The standard normal's 97.5 % point."""


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of `hits` in `count` independent draws; `count` is at least 1.

    References:
        E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22(158), 1927.
    """
    share, scale = hits / count, 1 + Z**2 / count
    centre = (share + Z**2 / (2 * count)) / scale
    reach = Z / scale * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return max(0.0, centre - reach), min(1.0, centre + reach)
