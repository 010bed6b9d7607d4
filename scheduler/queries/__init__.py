"""Reading only: what pages, feeds, jobs and reports ask."""
