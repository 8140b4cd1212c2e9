"""The only place where an organisation's scene is made: what the store must know of it whenever something is written."""

from __future__ import annotations

from datetime import datetime

from models.kinds import HookEvent
from models.outcomes import Scene
from models.profiles import Profile


def scene_of(profile: Profile, now: datetime) -> Scene:
    """At this hour."""
    hooks = {event: tuple(name for name, hook in profile.webhooks.items() if event in hook.events) for event in HookEvent}
    return Scene(
        profile=profile.name,
        message_id_domain=profile.desk.addresses[0].rpartition("@")[2],
        now=now,
        hooks={event: names for event, names in hooks.items() if names},
    )
