"""Who may read and write which topic at the server's broker, as Mosquitto's acl_file. Pure.

A gateway reaches `hearth/1/<its own id>/...` and nothing else: its user name is its id.
"""

from gateway.messages import VERSION

INGEST = "ingest"
"""The user name of all workers of the ingest."""

RULES = f"""\
pattern write hearth/{VERSION}/%u/readings
pattern write hearth/{VERSION}/%u/status
pattern write hearth/{VERSION}/%u/devices
pattern read hearth/{VERSION}/%u/status
pattern read hearth/{VERSION}/%u/stored
pattern read hearth/{VERSION}/%u/config
pattern read hearth/{VERSION}/%u/assets
pattern read hearth/{VERSION}/%u/commands

user {INGEST}
topic read hearth/{VERSION}/+/readings
topic read hearth/{VERSION}/+/status
topic read hearth/{VERSION}/+/devices
topic write hearth/{VERSION}/+/stored
topic write hearth/{VERSION}/+/config
topic write hearth/{VERSION}/+/assets
topic write hearth/{VERSION}/+/commands
topic read $SYS/#
"""
