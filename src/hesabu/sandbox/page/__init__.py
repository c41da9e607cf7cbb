"""The page with the phones: to see the world in the box, and to touch it.

It is drawn on the server, and every act is a plain form, so it works without JavaScript; the one
small module only spares the reloads: it listens to the desk's events and fetches the phone that
changed. Nothing here decides anything; it shows what the world holds and passes on what people do.
"""
