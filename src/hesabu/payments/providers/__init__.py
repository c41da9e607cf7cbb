"""Those who move money. Each is a folder of its own behind `port.Collector`; they do not know each other."""
