"""The same questions on raw events, the way each engine is used by hand.

Every peer starts with the events in its own memory, users and event names as small integers and the day one integer
division away: no reading, no JSON and no time zone is charged to it.
"""
