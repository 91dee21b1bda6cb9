"""`python -m offhold.app.cli`: how the supervisor starts its children, whatever is on PATH."""

from offhold.app.cli.main import main

raise SystemExit(main())
