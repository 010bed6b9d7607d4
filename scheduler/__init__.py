"""The ground floor: rules, rows, queries and deeds of the reception calendars. Imports no other floor."""
