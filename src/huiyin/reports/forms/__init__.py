"""Printed forms of reports: the template and its field list, side by side."""
