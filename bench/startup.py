"""Start-up of the program beside sqlite3's, in turn, by the operating system's own account of each process."""
import os
import statistics
import subprocess
import sys
import time

ROUNDS = 200
BOUND = 2.0


def run(command):
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def main():
    ours = [os.path.abspath(sys.argv[1]), "--version"]
    theirs = ["sqlite3", "--version"]
    times = {"sqlite3 --version": [], "ommi-doctor --version": []}
    for command in (ours, theirs):
        run(command)
    for _ in range(ROUNDS):
        times["sqlite3 --version"].append(run(theirs))
        times["ommi-doctor --version"].append(run(ours))
    print(f"\nstart-up (wall time, median of {ROUNDS})")
    base = statistics.median(times["sqlite3 --version"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"  {name:<52} {median * 1e3:9.2f} ms  x {median / base:.2f}")
    ratio = statistics.median(times["ommi-doctor --version"]) / base
    print(f"  {'start-up against sqlite3':<52} {ratio:.2f}, bound {BOUND:.2f}: {'kept' if ratio <= BOUND else 'NOT KEPT'}")


main()
