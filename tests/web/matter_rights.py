"""The addresses of matters and of what residents say was not done, for the tests of rights."""

STEPS = ("direct", "answer", "done", "settle", "link", "correct")

MATTERS = (
    ("GET", "/desk/matters?sitting={sitting}", "answer"),
    ("GET", "/desk/matters/new/{visit}", "answer"),
    ("POST", "/desk/matters/new/{visit}", "answer"),
    ("GET", "/desk/matters/{matter}", "answer"),
    *(("POST", f"/desk/matters/{{matter}}/{step}", "answer") for step in STEPS),
    ("GET", "/desk/disputes/{dispute}", "answer"),
    ("POST", "/desk/disputes/{dispute}", "answer"),
)
