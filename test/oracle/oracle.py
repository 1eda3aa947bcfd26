"""An independent oracle of deadlines, for `npm run oracle` and `npm run year`.

Written from the rules of the domain (docs/explanation/domain.md, 4.1, 17, R30 and R31) with numpy and zoneinfo, not from libs/calendar.

Prints a line with the versions in use, then answers each line of standard input with a line. The question "zones" is answered with the clock
changes of every zone.

Any other question is a calendar with cases: {"calendar": {"zone", "weekend", "holidays", "workingDays"}, "cases": [...]}. Dates are ISO dates, instants
RFC 3339 in UTC with milliseconds, and weekends ISO weekdays. The line of answers is a list in the order of the cases:

    {"unit": "business_day", "startsAt", "days"}  ->  {"day0", "countedDays", "dueAt", "dueAtLocal"}
    {"unit": "calendar_day", "startsAt", "days"}  ->  {"day0", "countedDays": [], "dueAt", "dueAtLocal"}
    {"endOf": date}                               ->  {"dueAt", "dueAtLocal"}
    {"dateOf": instant}                           ->  {"date"}
"""

import json
import platform
import sys
from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import tzdata

DAY = 86_400_000
# Since 1990 no zone has changed its clocks twice within six days, as the files of tzdata show.
STEP = 6 * DAY
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
UNIX_DAY = date(1970, 1, 1).toordinal()

# Cases are of 2000 to 2040, and of the skipped days of the 1990s.
FIRST, LAST = date(1990, 1, 1), date(2044, 1, 1)
# Longer than any deadline of 60 days in a calendar with one working day a week and long holidays.
HORIZON_DAYS = 366 * 6


def midnight_of(day):
    """The local midnight of a date, in milliseconds of local time."""
    return (day.toordinal() - UNIX_DAY) * DAY


def date_of(local_time):
    return date.fromordinal(UNIX_DAY + local_time // DAY)


def offset_at(zone, instant):
    """Offset from UTC at an instant, both in milliseconds."""
    return int(datetime.fromtimestamp(instant // 1000, zone).utcoffset().total_seconds()) * 1000


def change_between(zone, since, until):
    """The first millisecond with the new offset, where the offset changes once between two instants."""
    before = offset_at(zone, since)
    while until - since > 1:
        middle = (since + until) // 2
        if offset_at(zone, middle) == before:
            since = middle
        else:
            until = middle
    return until


@lru_cache(maxsize=None)
def stretches(name):
    """The times of one offset: ends (in order) and offsets."""
    zone = ZoneInfo(name)
    since, until = midnight_of(FIRST), midnight_of(LAST)
    ends, offsets = [], [offset_at(zone, since)]
    for tick in range(since, until, STEP):
        offset = offset_at(zone, tick + STEP)
        if offset != offsets[-1]:
            ends.append(change_between(zone, tick, tick + STEP))
            offsets.append(offset)
    return [*ends, until], offsets


def changes_of(name):
    """The clock changes of a zone: [first instant with the new offset, offset before, offset after] in milliseconds."""
    ends, offsets = stretches(name)
    return [list(change) for change in zip(ends, offsets, offsets[1:])]


def last_millisecond(name, day):
    """R30: the last millisecond that carries the local date. None for a date that the zone skips."""
    ends, offsets = stretches(name)
    midnight = midnight_of(day)
    last = None
    # Wherever a zone lies, its date is over two days later in UTC and has not begun two days before.
    index = bisect_right(ends, midnight - 2 * DAY)
    begin = midnight - 2 * DAY
    while begin < midnight + 2 * DAY:
        end, offset = ends[index], offsets[index]
        first, after = max(begin + offset, midnight), min(end + offset, midnight + DAY)
        if first < after:
            last = after - 1 - offset
        begin, index = end, index + 1
    return last


@lru_cache(maxsize=None)
def skipped_dates(name):
    """The dates that a zone skipped, each at a change of its clocks."""
    jumped = [(date_of(change - 1 + before), date_of(change + after)) for change, before, after in changes_of(name)]
    near = {first + timedelta(days=n) for first, last in jumped for n in range((last - first).days)}
    return sorted(day for day in near if last_millisecond(name, day) is None)


class Calendar:
    def __init__(self, zone, weekend, holidays, workingDays):
        self.name = zone
        self.zone = ZoneInfo(zone)
        self.weekmask = [weekday not in weekend for weekday in range(1, 8)]
        self.worked = np.array(workingDays, dtype="datetime64[D]")
        # R30: a date that the zone skips is no business day.
        skipped = np.array(skipped_dates(zone), dtype="datetime64[D]")
        self.off = np.concatenate([np.array(holidays, dtype="datetime64[D]"), skipped])
        self.local_dates = np.busdaycalendar("1111111", skipped)
        self.business = np.busdaycalendar(self.weekmask, self.off)
        self.by_year = {}

    def business_days_from(self, day0):
        """R31: with weekend days that are worked, numpy gets each free day as a holiday."""
        if len(self.worked) == 0:
            return self.business
        if day0.year not in self.by_year:
            days = np.arange(np.datetime64(date(day0.year, 1, 1)), np.datetime64(date(day0.year, 1, 1)) + HORIZON_DAYS)
            weekend = days[~np.is_busday(days, weekmask=self.weekmask)]
            free = np.concatenate([np.setdiff1d(weekend, self.worked), self.off])
            self.by_year[day0.year] = np.busdaycalendar("1111111", free)
        return self.by_year[day0.year]

    def deadline(self, unit, startsAt, days):
        day0 = self.date_of(startsAt)
        counts = self.business_days_from(day0) if unit == "business_day" else self.local_dates
        # Day 0 is never counted: the count begins with the first day that counts after it.
        counted = np.busday_offset(np.datetime64(day0) + 1, np.arange(days), roll="forward", busdaycal=counts)
        due = self.instant(last_millisecond(self.name, counted[-1].item()))
        return {"day0": day0.isoformat(), "countedDays": counted.astype(str).tolist() if unit == "business_day" else [], **due}

    def end_of(self, day):
        """The end of a date, or of the date before if the zone skips it."""
        day = date.fromisoformat(day)
        last = last_millisecond(self.name, day)
        return self.instant(last if last is not None else last_millisecond(self.name, day - timedelta(days=1)))

    def date_of(self, instant):
        return datetime.fromisoformat(instant).astimezone(self.zone).date()

    def instant(self, milliseconds):
        moment = EPOCH + timedelta(milliseconds=milliseconds)
        local = moment.astimezone(self.zone)
        return {
            "dueAt": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "dueAtLocal": local.isoformat(timespec="milliseconds"),
        }

    def answer(self, case):
        if "endOf" in case:
            return self.end_of(case["endOf"])
        if "dateOf" in case:
            return {"date": self.date_of(case["dateOf"]).isoformat()}
        return self.deadline(**case)


def main():
    print(json.dumps({"python": platform.python_version(), "numpy": np.__version__, "tzdata": tzdata.IANA_VERSION}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        if question == "zones":
            answer = {name: changes_of(name) for name in sorted(available_timezones())}
        else:
            calendar = Calendar(**question["calendar"])
            answer = [calendar.answer(case) for case in question["cases"]]
        print(json.dumps(answer), flush=True)


main()
