from ingest.main import main

raise SystemExit(main())
