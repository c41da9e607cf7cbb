"""360dialog: the same WhatsApp behind another door.

One key is one number, so no path names it; success is 201; files live at Meta's address until the
caller puts 360dialog's host in its place; webhooks come unsigned, with the headers that were asked
for when the address was registered. Registering one moves the number here: from then on Meta's
own webhook is silent. What is said and what is refused is WhatsApp's (`whatsapp/`).
"""
