/** The sums of a table of amounts: at the end of each row, and in a row below; kept while something is typed. */

import { el } from "./dom.js";
import { fen, yuan } from "./money.js";

export class Sums {
  constructor({ columns, title }) {
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
    for (const row of rows) {
      for (const place of this.places) sums.set(place, sums.get(place) + (fen(row[place]) ?? 0n));
    }
    for (const [place, sum] of sums) this.cells[place].textContent = yuan(sum);
    this.total.textContent = yuan([...sums.values()].reduce((sum, one) => sum + one, 0n));
  }
}
