"""The pure part of invoicing: no Django, no I/O, no clock. Everything here can be read and tried by itself.

moves (how an invoice changes state), taxes (dated rates), totals (the sums of a draft), numbers (how a number is written
and read), placing (where money goes), crediting (what a credit note takes back).
"""
