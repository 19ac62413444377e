"""A matrix answer read by cutting its text says what a JSON parser says, whatever is in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.sources.prometheus_matrix import Column, loads

WORDS = st.one_of(st.text(max_size=8), st.sampled_from(['"values":[[1,"2"]]', "]]", '"],[', "\\", ',"', "\n"]))
NUMBERS = st.one_of(
    st.floats().map(repr),
    st.integers(-(2**63), 2**63).map(str),
    st.sampled_from(["NaN", "+Inf", "-Inf", "1e+06", "-0"]),
)
INSTANTS = st.one_of(st.integers(0, 2**33), st.integers(0, 2**42).map(lambda ms: ms / 1000))
SERIES = st.fixed_dictionaries(
    {"metric": st.dictionaries(WORDS, WORDS, max_size=3)},
    optional={
        "values": st.lists(st.tuples(INSTANTS, NUMBERS), max_size=5),
        "histograms": st.lists(st.tuples(INSTANTS, st.dictionaries(WORDS, WORDS, max_size=2)), max_size=2),
    },
)


def answer(result: Any, **more: Any) -> bytes:
    return orjson.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}, **more})


def plain(content: Any) -> Any:
    """The answer with columns written as lists of (instant, bits of the value)."""
    for one in content["data"]["result"]:
        values = one.get("values")
        if isinstance(values, Column):
            one["values"] = [(t, bits(v)) for t, v in zip(values.ts_s.tolist(), values.values.tolist(), strict=True)]
        elif values:
            one["values"] = [(t, bits(float(text))) for t, text in values]
    return content


def bits(value: float) -> int:
    return 0 if math.isnan(value) else int(np.float64(value).view(np.int64))


@given(st.lists(SERIES, max_size=4), st.lists(WORDS, max_size=2))
@settings(max_examples=300, deadline=None)
def test_cutting_and_parsing_give_the_same(result: list, warnings: list[str]) -> None:
    body = answer(result, warnings=warnings)
    assert plain(loads(body)) == plain(orjson.loads(body))


def test_numbers_are_cut_and_not_parsed_one_by_one() -> None:
    one, two = loads(
        answer([{"metric": {}, "values": [[1, "2"], [1.5, "NaN"]]}, {"metric": {}, "values": [[3, "4"]]}])
    )["data"]["result"]
    assert isinstance(one["values"], Column)
    assert one["values"].ts_s.tolist() == [1, 1.5]
    assert two["values"].values.tolist() == [4]


@pytest.mark.parametrize(
    "values",
    [
        '[[1,2]]', '[["1","2"]]', '[[1,"2","3"]]', '[[1]]', '[[1,"2"],[3]]', '[[1,"2"],[3,"x"]]', '[[1,"0x2"]]',
        '[[1,"2"],[nan,"3"]]', '[[1,"2"] ,[3,"4"]]', '[[1,"2\\n3"]]', '[[1,"2\n3,4"]]', '[[1,"2"],[3,"4"]', '[[1,"2',
        '[[1,"1_0"]]', '0', '[[]]', '[[1,""]]', '[[1,"2"],[,"3"]]', '[[1,,"2"]]', '[[1,"2"]]]]',
    ],
)  # fmt: skip
def test_a_text_of_another_form_is_left_to_the_parser(values: str) -> None:
    body = b'{"status":"success","data":{"result":[{"metric":{},"values":%s}]}}' % values.encode()
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        with pytest.raises(orjson.JSONDecodeError):
            loads(body)
        return
    assert loads(body) == parsed


def test_a_number_that_stands_where_a_column_would_is_not_taken_for_one() -> None:
    body = b'{"status":"success","data":{"result":[{"values":0},{"values":[[1,"2"]]}],"values":[[5,"6"]]}}'
    assert loads(body) == orjson.loads(body)
    twice = b'{"data":{"result":[{"values":[[1,"2"]],"values":[[3,"4"]]}]}}'
    assert loads(twice) == orjson.loads(twice)
