"""Every write of this room, one verb per file. A door opens the binding; an action writes in it."""
