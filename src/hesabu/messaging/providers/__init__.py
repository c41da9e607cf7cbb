"""Channels to people: `port` says what one must offer, each folder beside it is one. A provider knows its own wire format
and nothing of rows; it imports the port, the room's words and the kit."""
