"""How the response model is drawn: collapsed, by importance sampling where that holds, else by chains."""
