"""In which time zone somebody lives, as far as their telephone number tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import timezone as numbers_zones


def zone_of(phone: str | None, usual: str, at: datetime) -> str:
    """The zone of a number (E.164). Where a country has several, `usual` if it is one of them, else the middle one; where
    nothing is known, `usual`."""
    if not phone:
        return usual
    try:
        found = numbers_zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return usual
    zones = [zone for zone in found if zone in available_timezones()]
    if not zones or usual in zones:
        return usual
    by_offset = sorted(zones, key=lambda zone: (_offset(at, zone), zone))
    return by_offset[len(by_offset) // 2]


def _offset(at: datetime, zone: str) -> timedelta:
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
