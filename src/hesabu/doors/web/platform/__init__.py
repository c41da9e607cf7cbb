"""The platform's own pages: what its people see across businesses, who they are, what they are told of, and what they did; the
page of who brings businesses, and of who keeps the books of several.

    /platform/            how many businesses there are, the newest, the last alerts       admin, support
        businesses        all of them: name, country, since when; nothing inside
        members           who is of the platform; admins invite, change, let go
        notices           what I am told of, when, and how
        log               what the platform's people did
    /merchants            whom I brought, and whether they are at work                     agent
    /clients              the businesses whose books I keep, and what waits in each        bookkeeper, partner
    /begin[/<code>]       begin a business in the browser; name the agent who brought it

Each look at the platform's pages is a fact before it is seen. Notices go out from here, too: `reactions` notes them, `jobs`
tells them, `telling` has the words.
"""
