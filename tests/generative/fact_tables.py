"""Cases as a fact table, with rubbish wherever a fact is unknown."""

import numpy as np
import pyarrow as pa
from tests.generative.strategies import TYPES

from wayhome.law.vocabulary import FactType

_FIXED = {
    FactType.INT: (pa.int32(), np.int32),
    FactType.DATE: (pa.date32(), np.int32),
    FactType.DATETIME: (pa.timestamp("s"), np.int64),
}


def column_of(name, values, rubbish=77):
    """One column. What stands where a value is unknown is Arrow's to choose, so it is rubbish."""
    kind = TYPES[name]
    if kind is FactType.BOOL:
        made = pa.array(values, pa.bool_())
        filled = pa.array([True if v is None else v for v in values], pa.bool_())
        return _with_values_of(made, filled)
    if kind in _FIXED:
        arrow, number = _FIXED[kind]
        made = pa.array(values, arrow)
        bare = made.cast(pa.int64() if number is np.int64 else pa.int32())
        return _with_values_of(made, bare.fill_null(rubbish))
    words = sorted({v for v in values if v is not None} | {"unused"})
    codes = pa.array([None if v is None else words.index(v) for v in values], pa.uint8())
    codes = _with_values_of(codes, codes.fill_null(rubbish))
    return pa.DictionaryArray.from_arrays(codes, pa.array(words), safe=False)


def _with_values_of(made, filled):
    known = made.buffers()[0]
    return pa.Array.from_buffers(made.type, len(made), [known, filled.buffers()[1]])


def table_of(rows, present=tuple(TYPES)):
    """Cases (dictionaries of what is known) as an Arrow table with these facts as columns."""
    columns = {name: column_of(name, [row.get(name) for row in rows]) for name in present}
    return pa.table({"case_id": pa.array(range(len(rows)), pa.int64()), **columns})
