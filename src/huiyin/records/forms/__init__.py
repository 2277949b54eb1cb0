"""Printed forms that belong to no matter: the template and its field list, side by side."""
