"""A sitting as iCalendar: the feeds people subscribe to, and the invitations that letters carry."""
