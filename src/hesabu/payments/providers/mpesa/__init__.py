"""M-PESA in Kenya, by Safaricom's Daraja.

    passwords   pure: what a request needs besides the words (password, time, callback address)
    codes       pure: Daraja's numbers, in words for people, and whether asking again may help
    callback    pure: the letters Safaricom sends, read tolerantly and never believed blindly
    tokens      one access token per app, shared by all processes, since each new one kills the last
    client      the two requests: the prompt on the phone, and "what became of it?"

Daraja's manners, learnt the hard way: HTTP 200 means taken, not paid; result codes are numbers in
callbacks and texts in answers; HTTP 500 may mean "still being processed"; a gateway in front answers
HTML when it is unwell; callbacks carry no signature and no account reference; amounts are whole
shillings; clocks run on Nairobi time; addresses may not contain certain words.
"""
