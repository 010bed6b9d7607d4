"""The job process: due rows are found by the clock's beat, handled one by one, and their letters carried out."""
