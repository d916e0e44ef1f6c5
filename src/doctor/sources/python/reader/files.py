"""Which files to read, and by what names their modules are imported."""

SKIPPED_FOLDERS = {"__pycache__", "node_modules", "venv", "site-packages"}


def is_skipped(name):
    return name.startswith(".") or name in SKIPPED_FOLDERS


def python_files(folder):
    """Every *.py below a folder; links to folders are not followed, so no loop is possible."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_skipped(name))
        for name in sorted(files):
            if name.endswith(".py"):
                yield os.path.join(path, name)


def glob_parts(pattern):
    drive, rest = os.path.splitdrive(pattern)
    parts = [part for part in re.split(r"[/\\]" if os.sep == "\\" else "/", rest) if part]
    return (drive + os.sep if os.path.isabs(pattern) else drive), parts


def glob_step(folder, parts):
    """What the rest of a glob matches below `folder`; `**` is any number of folders, links to folders excepted."""
    if not parts:
        yield folder
        return
    import fnmatch
    head, rest = parts[0], parts[1:]
    if not re.search(r"[*?\[]", head):
        below = os.path.join(folder, head)
        if os.path.lexists(below):
            yield from glob_step(below, rest)
        return
    if head == "**":
        yield from glob_step(folder, rest or ["*"])
    try:
        entries = sorted(os.scandir(folder or os.curdir), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if is_skipped(entry.name):
            continue
        below = os.path.join(folder, entry.name)
        if head == "**":
            if entry.is_dir(follow_symlinks=False):
                yield from glob_step(below, parts)
        elif fnmatch.fnmatchcase(entry.name, head) and (not rest or entry.is_dir()):
            yield from glob_step(below, rest)


class Files:
    """The files to read: each once, in the order of their names, with the folders that modules are named from."""

    def __init__(self, arguments, roots, problems):
        self.roots = [os.path.normpath(root) for root in roots]
        self.problems = problems
        self.paths = {}  # path -> folder it was found through, or None
        self.seen = set()
        for argument in arguments:
            self.add_argument(argument)

    def add_argument(self, argument):
        if os.path.isdir(argument):
            self.add_folder(argument)
        elif os.path.lexists(argument):
            self.add_file(argument, None)
        elif re.search(r"[*?\[]", argument):
            found = sorted(set(glob_step(*glob_parts(argument))))
            if not found:
                self.problem(argument, "not-found", "the pattern matches nothing")
            for path in found:
                if os.path.isdir(path):
                    self.add_folder(path)
                elif path.endswith((".py", ".pyi")):
                    self.add_file(path, None)
        else:
            self.problem(argument, "not-found", "no such file or folder")

    def add_folder(self, folder):
        for path in python_files(folder):
            self.add_file(path, folder)

    def add_file(self, path, folder):
        path = os.path.normpath(path)
        try:
            status = os.stat(path)
        except OSError as error:
            self.problem(path, "unreadable", error.strerror or str(error))
            return
        if not stat.S_ISREG(status.st_mode):
            self.problem(path, "unreadable", "not a regular file")
        elif status.st_size > MAX_FILE_BYTES:
            self.problem(path, "too-large", "%d bytes, the limit is %d" % (status.st_size, MAX_FILE_BYTES))
        elif (status.st_dev, status.st_ino) not in self.seen or not status.st_ino:
            self.seen.add((status.st_dev, status.st_ino))
            self.paths.setdefault(path, folder)

    def problem(self, path, kind, message):
        self.problems.append({"file": path, "line": 0, "column": 0, "kind": kind, "message": message})


class ModuleNames:
    """Names modules as an import statement would: from the folder above the topmost package."""

    def __init__(self, roots):
        self.roots = [os.path.abspath(root) for root in roots]
        self.packages = {}
        self.standard = None

    def is_package(self, folder):
        if folder not in self.packages:
            self.packages[folder] = os.path.isfile(os.path.join(folder, "__init__.py"))
        return self.packages[folder]

    def top(self, folder):
        for root in self.roots:
            if folder == root or folder.startswith(root.rstrip(os.sep) + os.sep):
                return root
        while self.is_package(folder) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        return folder

    def name(self, path, given_folder):
        """(the name, the other names it may be imported by, whether it is a package, the folder it is named from)"""
        path = os.path.abspath(path)
        folder, file_name = os.path.split(path)
        top = self.top(folder)
        if given_folder is not None and not self.roots and not self.is_package(folder):
            given = os.path.abspath(given_folder)
            if not self.is_package(given) and folder.startswith(given):
                top = given
        parts = [part for part in os.path.relpath(folder, top).split(os.sep) if part != os.curdir]
        stem = file_name.rpartition(".")[0] or file_name
        is_package = stem == "__init__"
        if not is_package:
            parts.append(stem)
        elif not parts:
            parts.append(os.path.basename(folder) or stem)
        above = [part for part in top.split(os.sep) if part]
        others = [".".join(above[-count:] + parts) for count in (1, 2, 3) if count <= len(above)]
        others += [".".join(parts[count:]) for count in range(1, len(parts)) if not self.is_standard(parts[count])]
        return ".".join(parts), others, is_package, top

    def is_standard(self, name):
        """Whether a module of the standard library, or one that models use, has this name."""
        if self.standard is None:
            self.standard = {"ommi", "attr", "attrs", "pydantic", "typing_extensions", "tramp",
                             *sys.builtin_module_names, *modules_in(os.path.dirname(os.__file__))}
        return name in self.standard


def modules_in(folder):
    """The names of the modules and packages in a folder, read at once: to look for each is dear."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name if entry.is_dir() else entry.name[:-3] for entry in entries
                    if entry.name.endswith(".py") or "." not in entry.name and entry.is_dir()]
    except OSError:
        return []
