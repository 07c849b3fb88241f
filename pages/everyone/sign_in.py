"""Sign in; on an empty site, the first run. Every address leads here for somebody who is not signed in."""

from widgets.first_run import first_run
from widgets.sign_in_steps import sign_in_steps

if not first_run():
    sign_in_steps()
