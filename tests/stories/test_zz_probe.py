from django.db import connection
def test_probe(house):
    print("NAME", connection.settings_dict["NAME"], connection.settings_dict["TEST"])
