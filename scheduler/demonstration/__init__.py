"""The demonstration: Hà Nội and its communes living through some months, made by the actions the pages use."""
