from alerts.main import main

main()
