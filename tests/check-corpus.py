#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what pciferry says of a corpus of real machines with the corpus' own words.

usage: check-corpus.py --pciferry PROGRAM [--thorough] CORPUS

CORPUS holds machines/*.txt and tools/mkfake.py, which makes a fake root of one. Each is
expanded into a temporary directory, "pciferry --root DIR list --json" is run there, and
every device, ID, group and driver is compared. A line for each failure, at the end
"N passed, N failed"; exit status 1 where anything failed or there is nothing to check.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

TIMEOUT = 120  # seconds; far more than any machine takes


class Failure(Exception):
    """Something went wrong before there was anything to compare."""


def run(argv):
    """The standard output of a program that must succeed."""
    try:
        done = subprocess.run(argv, capture_output=True, timeout=TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(str(error)) from error
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip()
        raise Failure(f"{argv[0]}: exit status {done.returncode}: {words}")
    return done.stdout


def read_machine(path, grouped, bound):
    """The devices a machine file states, by address, in the words of list --json.

    What the file does not know ("-") is absent, so it is not compared.
    """
    devices = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 7:
            raise Failure(f"{path.name}:{number}: {len(fields)} fields instead of 7")
        group, address, class_, ids, subsystem, driver, _name = fields
        if address in devices:
            raise Failure(f"{path.name}:{number}: {address} twice")
        device = {
            "group": int(group) if group != "-" and grouped else None,
            "class": (class_ + "00")[:6].lower(),
            "driver": driver if driver != "-" and bound else None,
        }
        device["vendor"], device["device"] = ids.lower().split(":")
        if subsystem != "-":
            device["subvendor"], device["subdevice"] = subsystem.lower().split(":")
        devices[address] = device
    if not devices:
        raise Failure(f"{path.name}: no device in it")
    return devices


def read_listing(text):
    """The devices of list --json, by address, each with its group's number."""
    try:
        listing = json.loads(text)
        found = [(group["number"], device)
                 for group in listing["groups"] for device in group["devices"]]
        found += [(None, device) for device in listing["ungrouped"]]
        numbers = [group["number"] for group in listing["groups"]]
        devices = {device["address"]: {**device, "group": number} for number, device in found}
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"list --json is not as promised: {error!r}") from error
    if len(numbers) != len(set(numbers)):
        raise Failure("a group is listed twice")
    if len(devices) != len(found):
        raise Failure("a device is listed twice")
    empty = [str(group["number"]) for group in listing["groups"] if not group["devices"]]
    if empty:
        raise Failure("groups without a device: " + " ".join(empty))
    return devices


def differences(expected, actual):
    """One sentence for each thing that is not the same."""
    for address in sorted(expected.keys() - actual.keys()):
        yield f"{address}: not listed"
    for address in sorted(actual.keys() - expected.keys()):
        yield f"{address}: listed, but the machine has no such device"
    for address in sorted(expected.keys() & actual.keys()):
        for key, value in expected[address].items():
            if key not in actual[address]:
                yield f"{address}: {key} is missing"
            elif actual[address][key] != value:
                yield f"{address}: {key} is {actual[address][key]!r} instead of {value!r}"


def check_machines(pciferry, corpus, *options):
    """Yields (name, sentences) for each machine, expanded with mkfake.py's options."""
    converter = corpus / "tools" / "mkfake.py"
    for path in sorted((corpus / "machines").glob("*.txt")):
        name = " ".join([path.stem, *options])
        with tempfile.TemporaryDirectory(prefix="pciferry-corpus-") as root:
            try:
                expected = read_machine(
                    path, "--no-iommu" not in options, "--no-drivers" not in options)
                run([sys.executable, str(converter), str(path), root, *options])
                listing = run([pciferry, "--root", root, "list", "--json"])
                yield name, list(differences(expected, read_listing(listing)))
            except Failure as failure:
                yield name, [str(failure)]


# Further checks are further rows: a function that yields (name, sentences), its options, and
# whether only --thorough runs it.
CHECKS = [
    (check_machines, (), False),
    (check_machines, ("--flat",), True),
    (check_machines, ("--no-iommu", "--no-drivers"), True),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pciferry", required=True, metavar="PROGRAM")
    parser.add_argument("--thorough", action="store_true",
                        help="each machine as a flat sysfs and with its IOMMU off, too")
    parser.add_argument("corpus", type=pathlib.Path, metavar="CORPUS")
    args = parser.parse_args()

    if not (args.corpus / "machines").is_dir():
        sys.exit(f"check-corpus.py: {args.corpus}: no corpus there (machines/ is missing)")
    passed = failed = 0
    for check, options, thorough in CHECKS:
        if thorough and not args.thorough:
            continue
        cases = 0
        for name, sentences in check(args.pciferry, args.corpus, *options):
            cases += 1
            passed += not sentences
            failed += bool(sentences)
            for sentence in sentences:
                print(f"FAIL {name}: {sentence}", flush=True)
        if not cases:
            failed += 1
            print(f"FAIL {check.__name__}: the corpus has nothing to check", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
