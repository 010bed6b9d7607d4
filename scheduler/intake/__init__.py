"""What comes in from outside: plan files, spreadsheets, the state list of units. Read, judged, turned into values."""
