"""The auditor: apart from the engine, it looks whether what was due was really done, and tells somebody outside."""
