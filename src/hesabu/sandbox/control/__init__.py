"""The control desk: people act, dials are turned, time is moved, and all that happened is read.

The phone page, the stories told by the product's own command, and the tests use it. It is JSON
over HTTP, open to whoever reaches the port: the box listens on this machine only, holds nothing
but play money, and refuses requests that a page of another origin makes.
"""
