"""The array types of this package."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
KeyArray = NDArray[np.uint64]
SmallArray = NDArray[np.uint8]
