"""Writes the cpp blocks of a page so that they are compiled: extract.py PAGE.md OUT.cpp

Each becomes a function; one that begins with a struct stands outside, and those after it know it.
"""

import re
import sys

page, out = sys.argv[1:]
with open(page, encoding="utf-8") as source:
    text = source.read()
blocks = [
    (text.count("\n", 0, match.start(1)) + 1, match.group(1))
    for match in re.finditer(r"^```cpp\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
]
if not blocks:
    sys.exit(f"{page}: no cpp block")
with open(out, "w", encoding="utf-8") as target:
    target.write('#include <fstream>\n#include <iostream>\n\n#include "ommi/faulty.hpp"\n#include "ommi/memory.hpp"\n')
    target.write('#include "ommi/ommi.hpp"\n#include "ommi/evolution.hpp"\n#include "ommi/tracers.hpp"\n')
    target.write('#include "ommi/transaction.hpp"\n#include "ommi/wire.hpp"\n\n')
    for number, (line, code) in enumerate(blocks, 1):
        if code.startswith("struct "):
            target.write(f'#line {line} "{page}"\n{code}\n')
            continue
        target.write(f"void block_{number}(const ommi::Database&, const std::shared_ptr<const ommi::Catalog>&);\n")
        target.write(f"void block_{number}([[maybe_unused]] const ommi::Database& database,\n")
        target.write("    [[maybe_unused]] const std::shared_ptr<const ommi::Catalog>& catalog) {\n")
        target.write(f'#line {line} "{page}"\n{code}}}\n\n')
