"""How good the rules are: recorded homes with made-up emergencies, judged by the product's own replay."""
