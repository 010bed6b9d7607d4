"""What is printed or attached, for pages, commands and jobs alike: tables for now."""
