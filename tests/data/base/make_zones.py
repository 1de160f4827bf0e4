"""Writes zones.txt: what Python's zoneinfo says about the zone files beside it, in both directions.

Run it in this folder after changing a file in zoneinfo/ (those are tzdata's own, in the public domain):
    PYTHONTZPATH=$PWD/zoneinfo python3 make_zones.py > zones.txt
Lines:
    utc ZONE MILLISECONDS WALL OFFSET     the wall time and offset of an instant
    wall ZONE WALL MILLISECONDS KIND      the instant of a wall time; KIND plain, gap or twice
In a gap the first instant after it is wanted, of two instants the first.
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ["Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London", "Europe/Dublin",
         "Africa/Casablanca", "America/Nuuk", "Antarctica/Troll", "Asia/Kathmandu", "Etc/UTC", "America/Santiago",
         "Asia/Gaza", "America/Sao_Paulo"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def millis(instant):
    return (instant - EPOCH) // timedelta(milliseconds=1)


def wall_text(wall):
    return wall.strftime("%Y-%m-%dT%H:%M:%S") + ".%03d" % (wall.microsecond // 1000)


def shown(instant, zone):
    return instant.astimezone(zone).replace(tzinfo=None)


def write_instant(name, zone, instant):
    local = instant.astimezone(zone)
    print("utc", name, millis(instant), wall_text(local), int(local.utcoffset().total_seconds()))


def write_wall(name, zone, wall):
    first = wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
    if shown(first, zone) == wall:
        kind, instant = ("plain" if first == second else "twice"), first
    else:
        kind = "gap"
        low, high = second.replace(microsecond=0), first.replace(microsecond=0) + SECOND
        while high - low > SECOND:
            middle = low + (high - low) // 2
            middle = middle.replace(microsecond=0)
            low, high = (low, middle) if shown(middle, zone) >= wall else (middle, high)
        instant = high
    print("wall", name, wall_text(wall), millis(instant), kind)


def changes(zone, first_year, last_year):
    found = []
    at = datetime(first_year, 1, 1, tzinfo=timezone.utc)
    end = datetime(last_year, 1, 1, tzinfo=timezone.utc)
    step = timedelta(days=7)
    while at < end:
        if at.astimezone(zone).utcoffset() != (at + step).astimezone(zone).utcoffset():
            low, high = at, at + step
            while high - low > SECOND:
                middle = (low + (high - low) // 2).replace(microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at += step
    return found


def main():
    chance = random.Random(20261121)
    for name in ZONES:
        zone = ZoneInfo(name)
        for _ in range(24):
            instant = EPOCH + timedelta(milliseconds=chance.randrange(-2_500_000_000_000, 7_000_000_000_000))
            write_instant(name, zone, instant)
            write_wall(name, zone, shown(instant, zone))
        known = changes(zone, 1880, 2120)
        picked = chance.sample(known, min(10, len(known)))
        picked += [at for at in known if at.year in (2011, 2026, 2037, 2038, 2100)]
        for at in sorted(set(picked)):
            for shift in (-1, 0, 1):
                write_instant(name, zone, at + shift * SECOND)
            before, after = shown(at - SECOND, zone) + SECOND, shown(at, zone)
            low, high = min(before, after), max(before, after)
            middle = (low + (high - low) / 2).replace(microsecond=500_000)
            for wall in (low - SECOND, low, middle, high - SECOND, high, high + SECOND):
                write_wall(name, zone, wall)


main()
