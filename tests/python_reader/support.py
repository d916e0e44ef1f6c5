"""What the tests of the reader share: the reader as a module and as a program."""
import json
import os
import subprocess
import sys
import types

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = os.path.normpath(os.path.join(HERE, "../../src/doctor/sources/python/reader"))
SHARED_DATA = os.path.normpath(os.path.join(HERE, "../../../shared/data"))


def parts():
    """The names of the script's parts, in their order."""
    with open(os.path.join(PARTS, "order.txt"), encoding="utf-8") as file:
        return file.read().split()


def script():
    """The text that the program gives to the interpreter: the parts, joined."""
    text = b""
    for name in parts():
        with open(os.path.join(PARTS, name), "rb") as file:
            text += file.read()
    return text


def reader_module():
    """The script as a module that does not start a run."""
    module = types.ModuleType("reader")
    exec(compile(script(), "reader", "exec"), module.__dict__)
    return module


def run_reader(*arguments, **options):
    """The finished process that the program starts: the script on standard input."""
    command = [options.pop("python", sys.executable), "-I", "-", *arguments]
    return subprocess.run(command, input=script(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
                          **options)


def read(*arguments, **options):
    """The document that the program prints; it must succeed and keep silent otherwise."""
    finished = run_reader(*arguments, **options)
    if finished.returncode != 0 or finished.stderr:
        raise AssertionError("exit code %d: %s" % (finished.returncode, finished.stderr[-2000:]))
    return json.loads(finished.stdout.decode("utf-8"))


def write_file(folder, name, content):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def contents(folder):
    """Every path below a folder with its size, time and bytes: what must not change."""
    found = {}
    for path, _, files in os.walk(folder):
        found[path] = os.stat(path).st_mtime_ns
        for name in files:
            full = os.path.join(path, name)
            status = os.lstat(full)
            found[full] = (status.st_size, status.st_mtime_ns)
    return found
