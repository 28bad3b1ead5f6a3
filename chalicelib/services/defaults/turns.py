"""Counts the runs of a default analysis, so that its daily limit holds however many events arrive at once."""

from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import transactions
from chalicelib.services.items.default_analysis import DefaultAnalysis


def take_turn(default: DefaultAnalysis, moment: datetime) -> bool:
    """Count one run on the UTC day of `moment`; say whether the limit leaves room for it.

    False also when the default was deleted. What was taken is not given back.
    """
    today = moment.date().isoformat()
    started = DefaultAnalysis.last_run.set(moment)
    one_more = (
        [DefaultAnalysis.daily_count.add(1), started],
        (DefaultAnalysis.day == today) & (DefaultAnalysis.daily_count < DefaultAnalysis.daily_limit),
    )
    first_of_day = (
        [DefaultAnalysis.day.set(today), DefaultAnalysis.daily_count.set(1), started],
        DefaultAnalysis.day < today,
    )
    # the last step is for those whom another overtook between the first two
    return any(_updated(default, *step) for step in (one_more, first_of_day, one_more))


def _updated(default: DefaultAnalysis, actions: list[Action], condition: Condition) -> bool:
    # without the version, for it appends to the list
    return transactions.holds(lambda: default.update([*actions], condition, add_version_condition=False))
