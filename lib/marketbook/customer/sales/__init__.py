"""Sales: what may become an order, by stage, each with its next step; and the orders that are looked after."""
