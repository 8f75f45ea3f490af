"""Published figures of segmentation, each with its source. The data are named in the tests that use them."""

# CDNOW, 1/10 sample, calibrated to 1997-09-30: Fader, Hardie, Lee (2005), Marketing Science 24(2), and the
# summary shipped with R BTYD 2.4.3 (`cdnowSummary`); m from the same.
CDNOW_CUSTOMERS = 2357
CDNOW_SUMS = {"x": 2457.0, "t_x": 16135.5714, "T": 77111.2857, "m": 33183.6438}
CDNOW_FIRST = {"x": 2, "t_x": 30.428571428571427, "T": 38.857142857142854, "m": 22.345}

# UCI Online Retail (Chen, Sain, Guo 2012) after the usual cleaning: customer known, no C invoices, quantity and
# price > 0.
RETAIL_ROWS = 397_884
RETAIL_CUSTOMERS = 4_338
RETAIL_INVOICES = 18_532
RETAIL_REVENUE = 8_911_407.904

# R package rfm: `rfm_data_orders`, analysis date 2006-12-31. Its scores cut at the quantiles (type 7) plus one; its
# segments are the first of these rules that holds. Rows: name, recency, frequency and monetary scores (first, last).
# Version 0.2.2, example of `rfm_segment` (manual):
RFM_022_RULES = (
    ("Champions", (4, 5), (4, 5), (4, 5)),
    ("Loyal Customers", (2, 5), (3, 5), (3, 5)),
    ("Potential Loyalist", (3, 5), (1, 3), (1, 3)),
    ("New Customers", (4, 5), (1, 1), (1, 1)),
    ("Promising", (3, 4), (1, 1), (1, 1)),
    ("Need Attention", (2, 3), (2, 3), (2, 3)),
    ("About To Sleep", (2, 3), (1, 2), (1, 2)),
    ("At Risk", (1, 2), (2, 5), (2, 5)),
    ("Can't Lose Them", (1, 1), (4, 5), (4, 5)),
    ("Lost", (1, 2), (1, 2), (1, 2)),
)
RFM_022_CHAMPIONS = (158, 1234, 120_178)
# Version 0.3.0, rfm.rsquaredacademy.com/reference/rfm_segment_summary: customers, orders, revenue of each segment.
RFM_030_RULES = (
    ("Champions", (5, 5), (5, 5), (5, 5)),
    ("Potential Loyalist", (3, 5), (3, 5), (2, 5)),
    ("Loyal Customers", (2, 4), (2, 4), (2, 4)),
    ("Promising", (3, 4), (1, 3), (3, 5)),
    ("New Customers", (4, 5), (1, 3), (1, 5)),
    ("Can't Lose Them", (1, 2), (3, 4), (4, 5)),
    ("At Risk", (1, 2), (2, 5), (4, 5)),
    ("Need Attention", (1, 3), (3, 5), (3, 5)),
    ("About To Sleep", (2, 3), (1, 3), (1, 4)),
    ("Lost", (1, 1), (1, 5), (1, 5)),
)
RFM_030_SUMMARY = {
    "About To Sleep": (102, 283, 23_449),
    "At Risk": (28, 216, 22_227),
    "Can't Lose Them": (47, 274, 32_446),
    "Champions": (35, 316, 31_646),
    "Lost": (148, 393, 35_324),
    "Loyal Customers": (170, 799, 76_562),
    "Need Attention": (10, 57, 4_562),
    "New Customers": (104, 329, 28_837),
    "Potential Loyalist": (342, 2211, 204_856),
    "Promising": (9, 28, 4_249),
}

# Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (Wilson): 81/263, 15/148, 0/20, 1/29.
WILSON = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}

# Anderson's iris, R `kmeans(iris[, 1:4], 3)`: species by cluster, as printed in R textbooks; the adjusted Rand index
# follows from the table (Hubert, Arabie 1985, eq. 5).
IRIS_TABLE = ((50, 0, 0), (0, 48, 2), (0, 14, 36))
IRIS_RAND = 0.7302

# Dolnicar, Leisch (2008): the 6 segments published with the travel motives (R flexclust, `vacmot6`). Our own
# k-means differs from them in a few respondents: adjusted Rand index as measured, kept so that a change is seen.
VACMOT_RAND = 0.873
