#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tries pciferry on a corpus of real machines and of their configuration files.

usage: check-corpus.py --pciferry PROGRAM --edit-file PROGRAM [--thorough] CORPUS

CORPUS holds machines/*.txt and tools/mkfake.py, which makes a fake root of one. Each is
expanded into a temporary directory, "pciferry --root DIR list --json" is run there, and
every device, ID, group and driver is compared with the corpus' own words.

It also holds configs/, whose INDEX.tsv says which path each file has on its host. The
editor of that path's format puts a word in and takes it out again (edit-file.c): the same
bytes must be left, and for a shell's file the shell must see that word and no other
change. Files that an editor refuses with a sentence are counted and named.

A line for each failure, at the end "N passed, N failed"; exit status 1 where anything
failed or there is nothing to check.
"""

import argparse
import fnmatch
import json
import pathlib
import re
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


def check_machines(programs, corpus, *options):
    """Yields (name, sentences) for each machine, expanded with mkfake.py's options."""
    converter = corpus / "tools" / "mkfake.py"
    for path in sorted((corpus / "machines").glob("*.txt")):
        name = " ".join([path.stem, *options])
        with tempfile.TemporaryDirectory(prefix="pciferry-corpus-") as root:
            try:
                expected = read_machine(
                    path, "--no-iommu" not in options, "--no-drivers" not in options)
                run([sys.executable, str(converter), str(path), root, *options])
                listing = run([programs.pciferry, "--root", root, "list", "--json"])
                yield name, list(differences(expected, read_listing(listing)))
            except Failure as failure:
                yield name, [str(failure)]


# The formats of tests/edit-file.c, by the path that a file has on its host.
EDITORS = [
    ("/etc/default/grub", "shell:GRUB_CMDLINE_LINUX_DEFAULT"),
    ("/etc/default/grub", "shell:GRUB_CMDLINE_LINUX"),
    ("/etc/default/grub.d/*", "shell:GRUB_CMDLINE_LINUX_DEFAULT"),
    ("/etc/dracut.conf*", "shell:kernel_cmdline"),
    ("/etc/mkinitcpio.conf*", "array:MODULES"),
    ("/etc/mkinitcpio.conf*", "array:HOOKS"),
    ("/etc/default/u-boot", "shell:U_BOOT_PARAMETERS"),
    ("/etc/kernel/cmdline", "cmdline"),
    ("/etc/kernel/cmdline", "first-line"),
    ("*/loader/entries/*.conf", "entry"),
    ("*/limine.conf", "limine"),
    ("*/refind_linux.conf", "refind"),
    ("/etc/kernelstub/configuration", "kernelstub"),
    ("/etc/modules", "block"),
    ("/etc/modules-load.d/*", "block"),
    ("/etc/initramfs-tools/modules", "block"),
    ("/etc/modprobe.d/*", "block"),
]
WORD = "pciferry.test=1"
REFUSED = 3  # edit-file's exit status


def shell_value(path, variable, shell):
    """The words of a variable after the shell has sourced the file; nothing is found to run.

    None where the shell does not get to the end of the file.
    """
    script = f'. "$1" >/dev/null 2>&1; printf %s "${{{variable}-}}"; echo " end"'
    done = subprocess.run([shell, "-c", script, "sh", str(path)], capture_output=True,
                          timeout=TIMEOUT, check=False, cwd="/",
                          stdin=subprocess.DEVNULL, env={"PATH": "/nonexistent"})
    words = done.stdout.decode(errors="replace").split()
    return words[:-1] if words and words[-1] == "end" else None


def shell_differences(path, variable, edited):
    """The shell's own opinion of the file before and after the edit."""
    with tempfile.NamedTemporaryFile("wb", prefix="pciferry-corpus-") as after:
        after.write(edited)
        after.flush()
        shell = "/bin/bash" if b"+=" in edited else "/bin/sh"
        before = shell_value(path, variable, shell)
        now = shell_value(after.name, variable, shell)
    # Once, and the others as they were: a machine ID stays the last.
    others = [word for word in now or [] if word != WORD]
    if before is not None and (others != before or len(now) != len(before) + 1):
        yield f"{variable} was {before} and is {now} to {shell}"


def edit(program, format_, path):
    """Edits one file; yields sentences. Failure: the editor refuses it."""
    done = subprocess.run([program, format_, str(path)], capture_output=True,
                          timeout=TIMEOUT, check=False)
    if done.returncode == REFUSED:
        raise Failure(done.stderr.decode(errors="replace").strip())
    if done.returncode != 0:
        yield f"{format_}: {done.stderr.decode(errors='replace').strip()}"
    elif format_.startswith("shell:"):
        yield from shell_differences(path, format_.split(":")[1], done.stdout)
    elif format_.startswith("array:"):
        yield from shell_differences(path, format_.split(":")[1] + "[*]", done.stdout)


def config_files(configs, scratch):
    """Yields (name, format, path) for each file of configs/ and each editor of its format."""
    for line in (configs / "INDEX.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, host_path = line.split("\t")[:2]
        for pattern, format_ in EDITORS:
            if fnmatch.fnmatchcase(host_path, pattern):
                yield name, format_, configs / name
    for path in sorted((configs / "peers").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            format_ = text_format(path.name, row["text"])
            if format_:
                scratch.write_text(row["text"], encoding="utf-8", newline="")
                yield f"{path.name} {row['name']}", format_, scratch


def text_format(name, text):
    """The format of a text from a list of them; a shell's is about its first variable."""
    if "cmdline" in name:
        return "cmdline"
    variable = re.search(r"^(?:export )?([A-Za-z_]\w*)=", text, re.MULTILINE)
    return f"shell:{variable[1]}" if "shellvars" in name and variable else None


def check_configs(programs, corpus):
    """Yields (name, sentences) for each file or text, and each editor of its format."""
    refused = 0
    with tempfile.TemporaryDirectory(prefix="pciferry-corpus-") as scratch:
        scratch = pathlib.Path(scratch) / "text"
        for name, format_, path in config_files(corpus / "configs", scratch):
            try:
                yield f"{name} {format_}", list(edit(programs.edit_file, format_, path))
            except Failure as failure:
                refused += 1
                print(f"refused: {name} {format_}: {failure}")
    print(f"{refused} files refused by their editors")


# Further checks are further rows: a function that yields (name, sentences), its options, and
# whether only --thorough runs it.
CHECKS = [
    (check_machines, (), False),
    (check_configs, (), False),
    (check_machines, ("--flat",), True),
    (check_machines, ("--no-iommu", "--no-drivers"), True),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pciferry", required=True, metavar="PROGRAM")
    parser.add_argument("--edit-file", required=True, metavar="PROGRAM")
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
        for name, sentences in check(args, args.corpus, *options):
            cases += 1
            passed += not sentences
            failed += bool(sentences)
            for sentence in sentences:
                print(f"FAIL {name}: {sentence}", flush=True)
        print(f"{check.__name__}: {cases} cases", flush=True)
        if not cases:
            failed += 1
            print(f"FAIL {check.__name__}: the corpus has nothing to check", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
