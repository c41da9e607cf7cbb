"""The page with the phones: to see the world in the box, and to touch it.

It is drawn on the server, and every act is a plain form, so it works without JavaScript: people
write, quote, react, pay and read their mail. Small modules spare the reloads (`phones.js` listens
to the desk's events and fetches what changed) and add what only a script can: quotes chosen and
pictures pasted (`writing.js`), single keys (`keys.js`), and the tour (`tour.js`).

A phone (`handset`) has a chat (`bubbles`), SMS (`texts`), mail (`letters`) and M-PESA (`mpesa`);
a basic one has no chat. Beside the phones: what happened inside the product (`inside`), the dials,
people and time (`panels`), and what went over the wire (`happened`).

Nothing here decides anything; it shows what the world holds and passes on what people do. There is
no button for voice notes, for nobody here has a voice; one that is sent by the desk can be heard.
"""
