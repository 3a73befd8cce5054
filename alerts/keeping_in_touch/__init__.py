"""What people hear without anything being wrong: good news, the week's summary, the day's digest."""
