"""`python -m alerts` runs the service, and `audit` its auditor; `replay` and `suggest` work on files."""

import sys


def _main(argv: list[str]) -> int:
    if argv[:1] == ["replay"]:
        from alerts.replaying import replay  # the files' part needs none of the service's settings

        return replay.main(argv[1:])
    if argv[:1] == ["suggest"]:
        from alerts.replaying import suggest

        return suggest.main(argv[1:])
    if argv[:1] == ["audit"]:
        from alerts.auditing.main import main as audit

        audit(argv[1:])
        return 0
    from alerts.main import main

    main(argv)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
