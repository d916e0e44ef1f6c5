"""The command line, and how the document is written."""


def options(arguments):
    """(paths, roots), or None if the command line is wrong."""
    paths, roots, position = [], [], 0
    while position < len(arguments):
        argument = arguments[position]
        position += 1
        if argument == "--":
            paths += arguments[position:]
            break
        if argument == "--root" and position < len(arguments):
            roots.append(arguments[position])
            position += 1
        elif argument.startswith("--"):
            return None
        else:
            paths.append(argument)
    return (paths, roots) if paths else None


def main(arguments, messages):
    chosen = options(arguments)
    if chosen is None:
        if messages is not None:
            os.write(messages, b"usage: python3 -I - [--root DIR]... [--] PATH...\n")
        return 2
    warnings.simplefilter("ignore")
    gc.disable()  # syntax trees have no circles
    write(Reader().run(*chosen), sys.stdout.buffer)
    return 0


RECORDS_AT_ONCE = 16


def write(document, stream):
    """Some records at a time: the text of all of them at once takes several times as much memory, and time."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    mark = "{"
    for key, value in document.items():
        start = mark + encode(key) + ":"
        mark = ","
        if type(value) is not list:
            stream.write((start + encode(value)).encode("utf-8", "replace"))
            continue
        start += "["
        for first in range(0, len(value), RECORDS_AT_ONCE):
            records = encode(value[first:first + RECORDS_AT_ONCE])
            stream.write((start + records[1:-1]).encode("utf-8", "replace"))
            start = ","
        stream.write(b"]" if value else (start + "]").encode())
    stream.write(b"}\n")
    stream.flush()


def silenced():
    """A descriptor for our own words; the standard error is closed to those of the parser (3.8 writes there)."""
    try:
        ours = os.dup(2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        return ours
    except OSError:
        return None


def guarded_main(result):
    ours = silenced()
    try:
        result.append(main(sys.argv[1:], ours))
    except BaseException:
        import traceback
        if ours is not None:
            os.write(ours, traceback.format_exc().encode("utf-8", "replace"))


def run():
    """main() in a thread with a large stack: old interpreters take the stack for deeply nested sources."""
    result = []
    for size in (512 << 20, 64 << 20, 0):
        try:
            threading.stack_size(size)
            thread = threading.Thread(target=guarded_main, args=(result,))
            thread.start()
            break
        except (RuntimeError, ValueError, MemoryError):
            continue
    thread.join()
    os._exit(result[0] if result else 1)


if __name__ == "__main__":
    run()
