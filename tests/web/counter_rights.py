"""The rows of the rights matrix that belong to the counter."""

ACT = "receive"
STEPS = ("arrive", "call", "begin", "end", "miss", "come_back", "undo")
PATHS = (
    ("GET", "/desk/counter/{sitting}"),
    ("POST", "/desk/counter/{sitting}"),
    ("POST", "/desk/counter/{sitting}/screen"),
    ("GET", "/desk/counter/{sitting}/group"),
    ("POST", "/desk/counter/{sitting}/group"),
    *(("POST", f"/desk/counter/visits/{{visit}}/{step}") for step in STEPS),
    ("GET", "/desk/counter/visits/{visit}/slip"),
    ("GET", "/desk/counter/groups/{visit}"),
    ("POST", "/desk/counter/groups/{visit}"),
    ("POST", "/desk/counter/groups/{visit}/tell"),
)
COUNTER = tuple((method, path, ACT) for method, path in PATHS)
