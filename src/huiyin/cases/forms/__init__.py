"""Printed forms of cases: the template and its field list, side by side."""
