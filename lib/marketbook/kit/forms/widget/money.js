/** Amounts as people write them, in whole fen: never a fraction of a float. */

const AMOUNT = /^([+-]?)¥? ?(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))? ?([万萬亿億]?)元?$/;
const UNITS = { "": 2, 万: 6, 萬: 6, 亿: 10, 億: 10 };
const DASHES = new Set(["", "-", "–", "—", "−", "¥-", "¥ -"]);

/** Return fen as a BigInt; null where a text is no amount. The kernel reads it again, and decides. */
export function fen(text) {
  const plain = text.normalize("NFKC").replaceAll("−", "-").trim();
  if (DASHES.has(plain)) return 0n;
  const found = AMOUNT.exec(plain);
  if (!found || (!found[2] && !found[3])) return null;
  const [, sign, whole = "", part = "", unit] = found;
  const places = UNITS[unit];
  if (/[1-9]/.test(part.slice(places))) return null;
  const amount = BigInt(whole.replaceAll(",", "") + part.slice(0, places).padEnd(places, "0"));
  return sign === "-" ? -amount : amount;
}

/** How wide a column must be for the longest of some amounts, in pixels: a figure that is cut off is a wrong figure. */
export function width(sums, cents) {
  const longest = Math.max(0, ...sums.map((sum) => yuan(sum - (sum % 100n)).length)) + (cents ? 3 : 0);
  return Math.max(76, Math.ceil(longest * 8.6) + 20);
}

/** Write fen in yuan: 1,234.50, without .00; nothing is a dash. */
export function yuan(amount) {
  if (!amount) return "–";
  const digits = String(amount < 0 ? -amount : amount).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  const cents = digits.slice(-2);
  return `${amount < 0 ? "-" : ""}${whole}${cents === "00" ? "" : `.${cents}`}`;
}
