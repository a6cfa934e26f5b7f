"""Answers what croniter and dateutil say: a JSON document a line in and out."""

import json
import signal
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter
from dateutil.rrule import rrulestr


def times(question):
    start = datetime.fromisoformat(question["after"])
    count = question["count"]
    if "cron" in question:
        if question.get("zone"):
            start = start.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(question["zone"]))
        cron = croniter(question["cron"], start, day_or=question["day_or"])
        found = [cron.get_next(datetime) for _ in range(count)]
        if question.get("zone"):
            found = [each.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for each in found]
        return found
    rule = rrulestr(question["rrule"], dtstart=datetime(2020, 1, 1))
    found = []
    for each in rule.xafter(start, count=count):
        found.append(each)
    return found


class Slow(BaseException):
    pass


def give_up(*_):
    raise Slow


signal.signal(signal.SIGALRM, give_up)
for line in sys.stdin:
    question = json.loads(line)
    try:
        # dateutil looks for what never comes until the year 9999
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            answer = {"times": [each.isoformat() for each in times(question)]}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        signal.setitimer(signal.ITIMER_REAL, 0)
    except Slow:
        answer = {"slow": True}
    print(json.dumps(answer), flush=True)
