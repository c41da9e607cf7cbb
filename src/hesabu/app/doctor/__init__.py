"""The doctor: looks at a running installation and says what is wrong and what to do about it.

Each check is a function that yields findings; one that cannot look says so as a finding, so that one broken part hides no
other. Nothing is changed. Three grades: *fine*, *watch* (works, will not for ever) and *wrong* (exit code 1).
"""
