"""Reads what runs of the Autobahn Testsuite have left, tells of each case that is not OK, and writes a page.

    report.py DIRECTORY PAGE

DIRECTORY has a folder for each run, `ws` and `wss`, with `reports/index.json` from the suite, `seconds` (how long it
took) and, one for both, `environment` (what it ran on, a line each). PAGE is written in Markdown; the summary goes
to standard output. The exit code is 1 when a case of either run is not as it should be.
"""

import json
import sys
from collections import Counter
from pathlib import Path

# As many as this version of the suite has: a run that stops early must not look like a good one.
CASES = 517

SECTIONS = {
    1: "Framing",
    2: "Pings and pongs",
    3: "Reserved bits",
    4: "Opcodes",
    5: "Fragmentation",
    6: "UTF-8",
    7: "Closing",
    9: "Limits and performance",
    10: "Automatic fragmentation",
    12: "Compression, kinds of data",
    13: "Compression, parameters",
}

# The suite gives three cases no verdict, since the standard leaves them open.
GOOD = {"OK", "INFORMATIONAL"}

PAGE = """\
# Conformance

The [Autobahn Testsuite](https://github.com/crossbario/autobahn-testsuite) plays a server that does everything a server
may do, and much that it must not, and judges how the client takes it. The client is `conformance/client.c`, a program
in C over `include/socket_task.h` that sends each message back from within `on_message`.

    make conformance

runs all {cases} cases over `ws:` and once more over `wss:`, writes this page, and fails when a case is not as it should
be. The suite is written for Python 2.7: one is looked for in `PY27`, in the path, and where pyenv puts them. Python 3
and a C compiler are needed too. The suite is installed into the build folder, and its own report, with the bytes of
each case, is left there: `target/conformance/ws/reports/index.html`.

permessage-deflate is offered in sections 12 and 13, where every message is compressed, and in the others not, which
is the library's default. In section 13 the server asks for combinations of window size and context takeover, and the
client asks the server for the same.

`make test` runs cases of the same kinds without Python: those of `tests/socket/conformance/`, and of
`tests/compression/`, whose server compresses by other means than the library.

## Results

{environment}
{tables}
A case is OK when the client behaves as the standard demands; non-strict when it does so later than it could; and
unclean or of a wrong code when the connection did not end as it should have. The suite gives no verdict in the cases
called informational, where the standard leaves the behaviour open:

{informational}
"""

TABLE = """\
### {scheme}, {seconds} seconds

| section | | cases | OK | informational | non-strict | failed | unimplemented | closed as it should be |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}
"""


def order(case):
    return [int(part) for part in case.split(".")]


def is_good(result):
    return result["behavior"] in GOOD and result["behaviorClose"] in GOOD


def row(title, name, results):
    behavior = Counter(result["behavior"] for result in results)
    others = sum(behavior.values()) - sum(
        behavior[known] for known in ("OK", "INFORMATIONAL", "NON-STRICT", "UNIMPLEMENTED")
    )
    closed = sum(result["behaviorClose"] in GOOD for result in results)
    counts = (
        len(results), behavior["OK"], behavior["INFORMATIONAL"], behavior["NON-STRICT"], others,
        behavior["UNIMPLEMENTED"], closed,
    )
    return f"| {title} | {name} | " + " | ".join(map(str, counts)) + " |"


def rows(results):
    for section, name in SECTIONS.items():
        yield row(section, name, [result for case, result in results.items() if order(case)[0] == section])
    yield row("**all**", "", list(results.values()))


def main(directory, page):
    directory = Path(directory)
    failed = False
    tables = []
    informational = {}
    for scheme in ("ws", "wss"):
        index = directory / scheme / "reports" / "index.json"
        if not index.exists():
            continue
        (results,) = json.loads(index.read_text()).values()
        results = dict(sorted(results.items(), key=lambda item: order(item[0])))
        seconds = (directory / scheme / "seconds").read_text().strip()

        print(f"\n{scheme}: {len(results)} of {CASES} cases in {seconds} seconds")
        for section in SECTIONS:
            inside = [result for case, result in results.items() if order(case)[0] == section]
            good = sum(map(is_good, inside))
            print(f"  {section:>3} {SECTIONS[section]:28} {good:>3} of {len(inside):>3} as they should be")
        failed |= len(results) != CASES
        for case, result in results.items():
            if result["behavior"] == "INFORMATIONAL":
                details = json.loads((index.parent / result["reportfile"]).read_text())
                informational[case] = (details["description"], details["remoteCloseCode"])
            if not is_good(result):
                failed = True
            if not is_good(result) or result["behavior"] != "OK":
                code = result["remoteCloseCode"]
                print(f"  {case}: {result['behavior']}, closing {result['behaviorClose']}, close code {code}")
        tables.append(TABLE.format(scheme=f"`{scheme}:`", seconds=seconds, rows="\n".join(rows(results))))

    if not tables:
        sys.exit(f"{directory} has no reports")
    Path(page).write_text(
        PAGE.format(
            cases=CASES,
            environment=(directory / "environment").read_text(),
            tables="\n".join(tables),
            informational="\n".join(
                f"- {case}: {' '.join(description.split()).rstrip('.')}. The client closed with {code}."
                for case, (description, code) in informational.items()
            ),
        )
    )
    print(f"\n{'Not all is as it should be.' if failed else 'All is as it should be.'} See {page}.")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
