from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.aws.kept.sort_keys import sort_key

NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**38) + 1, 10**38 - 1),
    st.integers(-60, 60),
)


def number(value):
    return sort_key(DynamoType({"N": str(value)}))


def text(value):
    return sort_key(DynamoType({"S": value}))


@given(NUMBERS, NUMBERS)
def test_numbers_sort_by_value(one, other):
    assert (number(one) < number(other), number(one) == number(other)) == (one < other, one == other)


@given(NUMBERS, st.integers(0, 5))
def test_a_number_has_one_key_however_it_is_written(value, zeros):
    sign, digits, exponent = value.as_tuple()
    assert number(Decimal((sign, digits + (0,) * zeros, exponent - zeros))) == number(value)


@given(st.text(), st.text())
def test_text_sorts_by_its_characters(one, other):
    assert (text(one) < text(other)) == (one < other)
