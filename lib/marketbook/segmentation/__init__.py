"""Market segmentation: who the customers are, how they buy, and which groups are stable."""
