"""Published values that the survey methods must reproduce, each with its source.

Standard errors follow their estimate. `api` is the California Academic Performance Index data of R's survey package.
"""

# Lumley, R package survey 4.5: manual pages svydesign, svymean, svytotal, svyratio, postStratify, rake; test outputs.
STRATIFIED_MEAN = (662.29, 9.4089)
STRATIFIED_TOTAL = (3_687_178, 114_642)
ONE_STAGE_RATIO = (0.8497087, 0.008386297)
ONE_STAGE_MEAN = (644.17, 23.542)
TWO_STAGE_MEAN = (670.81, 30.099)
POST_STRATIFIED_MEAN = (642.31, 23.921)
POST_STRATIFIED_TOTAL = (3_680_893, 406_293)
RAKED_MEAN = (641.23, 23.704)
RAKED_TOTAL_SE = 400_603

# Schools in the population (apipop.csv, the same package).
SCHOOLS_BY_TYPE = {"E": 4421, "H": 755, "M": 1018}
SCHOOLS_BY_WIDE = {"No": 1072, "Yes": 5122}

# SurveyMonkey, FiveThirtyEight and WNYC, masculinity survey, May 2018: its weights by Kish (1965), Survey Sampling.
MASCULINITY_EFFECTIVE_N = 526.157
MASCULINITY_DESIGN_EFFECT = 3.07

# Rossi, bayesm: customerSat, 1,811 respondents on ten scales of 1 to 10.
SATISFACTION_STRAIGHT_LINERS = 102
SATISFACTION_DUPLICATES = 127

# Masculinity survey, masculinity-survey.csv: the raw column (or columns) of each all-men question, in published order.
MASCULINITY_QUESTIONS = (
    "q0001", "q0002", "q0004", "q0005", *(f"q0007_{i:04d}" for i in range(1, 12)), "q0008", "q0009", "q0017", "q0018",
    "q0020", "q0021", "q0022", "q0024", "q0025", "q0026", "q0028", "q0029",
)  # fmt: skip
MASCULINITY_PERCENTAGES = 1510
MASCULINITY_BANNERS = (
    ("age3", ("18 - 34", "35 - 64", "65 and up")),
    ("race2", ("White", "Non-white")),
    ("kids", ("Has children", "No children")),
    ("orientation", ("Straight", "Gay/Bisexual")),
)
