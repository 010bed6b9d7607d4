"""The rows of the rights matrix that belong to registrations entered at a desk."""

ACT = "receive"
PATHS = (
    ("GET", "/desk/registrations/{visit}"),
    ("POST", "/desk/registrations/{visit}/read"),
    ("POST", "/desk/registrations/{visit}/withdraw"),
    ("GET", "/desk/occurrences/{sitting}/places"),
    ("POST", "/desk/occurrences/{sitting}/places"),
)
REGISTRATIONS = tuple((method, path, ACT) for method, path in PATHS)
