/** The sums of a table of amounts: at the end of each row, and in a row below; kept while something is typed. */

import { el } from "./dom.js";
import { fen, width, yuan } from "./money.js";

export class Sums {
  /** @param fit is told how wide the amounts and their sum must be */
  constructor({ columns, title, fit }) {
    this.fit = fit;
    this.places = columns.flatMap((one, place) => (one.summed ? [place] : []));
    this.title = title;
    this.cells = columns.map((one) => el("td", { class: one.summed ? "mb-right" : "" }));
    this.total = el("td", { class: "mb-right mb-sum" });
    this.foot = el("tfoot", {}, el("tr", {}, el("th", { class: "mb-number", scope: "row", "aria-label": title }, "Σ"), ...this.cells, this.total));
  }

  head() {
    return el("th", { scope: "col", class: "mb-right mb-sum" }, this.title);
  }

  /** The cell that ends a row. */
  cell(row) {
    const cell = el("td", { class: "mb-right mb-sum" });
    cell.textContent = yuan(this.of(row));
    return cell;
  }

  of(row) {
    return this.places.reduce((sum, place) => sum + (fen(row[place]) ?? 0n), 0n);
  }

  /** How an amount is shown where nobody types it. */
  shown(text, column) {
    if (!column.summed || !text.trim()) return text;
    const amount = fen(text);
    return amount === null ? text : yuan(amount);
  }

  /** Write the row below anew. */
  all(rows) {
    const sums = new Map(this.places.map((place) => [place, 0n]));
    let cents = false;
    for (const row of rows) {
      for (const place of this.places) {
        const amount = fen(row[place]) ?? 0n;
        cents ||= amount % 100n !== 0n;
        sums.set(place, sums.get(place) + amount);
      }
    }
    for (const [place, sum] of sums) this.cells[place].textContent = yuan(sum);
    const total = [...sums.values()].reduce((sum, one) => sum + one, 0n);
    this.total.textContent = yuan(total);
    this.fit(width([...sums.values()], cents), width([total], cents) + 12);
  }
}
