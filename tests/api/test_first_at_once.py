"""The first requests after a start may come at the same moment: the process of the web server lives through it."""

import os
import subprocess
import sys
from pathlib import Path

# msgspec learns a shape when it first meets it, by reading its annotations. Two threads at that at once ended the process with
# SIGSEGV, once in some starts; so the test sees to it that nothing is left to learn when the first request comes.
FIRST = """
import sys
import msgspec
import huiyin.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
shapes, learned = [msgspec.Struct], []
for shape in shapes:
    shapes += shape.__subclasses__()
def seen(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "get_class_annotations":
        learned.append(str(frame.f_locals))
sys.setprofile(seen)
for shape in shapes[1:]:
    try:
        msgspec.json.decode(b"{}", type=shape)
    except msgspec.ValidationError:
        pass
sys.setprofile(None)
print(len(shapes) > 20, learned)
"""


def test_no_shape_is_left_to_learn_for_the_first_request(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    given = {**os.environ, "HUIYIN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "huiyin.settings"}
    done = subprocess.run([sys.executable, "-c", FIRST], env=given, check=False, capture_output=True, text=True)
    assert [done.returncode, done.stdout.strip()] == [0, "True []"], done.stderr[-2000:]
