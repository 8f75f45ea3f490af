"""The application above the domains: catalogue, runner, history, schedule and command line."""
