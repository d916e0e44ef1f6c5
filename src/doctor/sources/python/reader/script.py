"""Reads Ommi models from Python sources, without running them, and prints one JSON document of what is written there.

Run as `python3 -I - [--root DIR]... [--] PATH...` with this script on standard input. A PATH is a file, a folder
(every *.py below it, without hidden folders, __pycache__, node_modules and virtual environments) or a glob.
It needs the standard library of Python 3.8 or later. It only reads: nothing is imported, executed or written, and no
file is opened that was not named. Exit code 0 means that the document is complete; files that could not be read are in
its `problems`. Exit code 2: the command line was wrong.

The document holds facts, not judgements; docs/python-facts.md describes it key by key. Lines and columns count from 1;
columns count characters (Python's ast counts UTF-8 bytes from 0). What is null, false or empty is left out.

The script is cut into parts for those who read it. The interpreter is given one text: the parts, joined in the order
of order.txt, which is about that in which a run passes through them. So no part imports another. This first one imports
the standard library for all of them.
"""
import ast
import bisect
import builtins
import gc
import json
import keyword
import os
import re
import stat
import sys
import threading
import warnings

SCHEMA_VERSION = 1
MAX_FILE_BYTES = 16 << 20
MAX_ALIASES = 32
NEIGHBOURS = 50  # how many names around a misspelt one are looked at, if there are many
MAX_CANDIDATES = 9

TYPE_ALIAS = getattr(ast, "TypeAlias", None)
MATCH = getattr(ast, "Match", None)
INDEX = getattr(ast, "Index", None) if sys.version_info < (3, 9) else None
LOAD = ast.Load()
KEYWORDS = frozenset(keyword.kwlist)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NAMES = (ast.Name, ast.Attribute)


def clean(record):
    """The record without what is null, false or empty."""
    return {key: value for key, value in record.items() if value or value == 0 and value is not False}


def closest(name, candidates):
    """The candidate most like `name`, or None. The import is late because most runs do not need it."""
    if not candidates:
        return None
    import difflib
    names = sorted(candidates)
    if len(names) > 2 * NEIGHBOURS:
        middle = bisect.bisect(names, name)
        names = names[max(middle - NEIGHBOURS, 0):middle + NEIGHBOURS]
    found = difflib.get_close_matches(name, names, 1, 0.6)
    return found[0] if found else None
