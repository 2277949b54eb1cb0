"""Company, departments, sites and their places; staff, posts and rights; calendars."""
