/** A table of lines: keys, clipboard and what changes many cells at once. */

import { Cells } from "./cells.js";
import { said } from "./dom.js";
import { parse, write } from "./tsv.js";

const STEPS_BACK = 30;

export class Grid extends Cells {
  /* ---- keys ---- */

  key(event) {
    if (event.isComposing || event.keyCode === 229 || this.list?.key(event)) return;
    const act = this.editing ? this.editingKey(event) : this.movingKey(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  editingKey(event) {
    if (event.key === "Enter" && event.altKey) return () => this.insert("\n");
    if (event.key === "Enter") return () => this.down(event.shiftKey);
    if (event.key === "Escape") return () => this.revert();
    if (event.key === "Tab") return this.tab(event.shiftKey);
    const many = this.editor.value.includes("\n");
    if (!many && event.key === "ArrowUp") return () => this.move(-1, 0);
    if (!many && event.key === "ArrowDown") return () => this.move(1, 0);
    return null;
  }

  movingKey(event) {
    const command = event.ctrlKey || event.metaKey;
    const ends = command ? Infinity : 1;
    const last = { row: this.rows.length - 1, column: this.columns.length - 1 };
    const moves = {
      ArrowUp: [-ends, 0], ArrowDown: [ends, 0], ArrowLeft: [0, -ends], ArrowRight: [0, ends],
      PageUp: [-10, 0], PageDown: [10, 0], Home: [command ? -Infinity : 0, -Infinity], End: [command ? Infinity : 0, Infinity],
    };
    if (moves[event.key]) return () => this.move(...moves[event.key], event.shiftKey);
    if (event.key === "Enter" || event.key === "F2") return () => this.edit();
    if (event.key === "Tab") return this.tab(event.shiftKey);
    if (event.key === "Escape") return () => this.addButton.focus();
    if (event.key === "Delete" || event.key === "Backspace") return () => this.clear();
    if (command && event.key === "a") return () => { this.from = { row: 0, column: 0 }; this.go(last, true); };
    if (command && event.key === "z") return () => this.undo();
    return null;
  }

  down(up) {
    if (!up && this.at.row === this.rows.length - 1) {
      this.commit();
      this.addRow();
    } else this.move(up ? -1 : 1, 0);
  }

  /** Tab goes from cell to cell, and out of the table at its ends. */
  tab(back) {
    const { row, column } = this.at;
    const next = row * this.columns.length + column + (back ? -1 : 1);
    if (next < 0 || next >= this.rows.length * this.columns.length) return null;
    return () => {
      this.commit();
      this.go({ row: Math.floor(next / this.columns.length), column: next % this.columns.length });
    };
  }

  insert(text) {
    this.editor.setRangeText(text, this.editor.selectionStart, this.editor.selectionEnd, "end");
    this.typed();
  }

  /* ---- what changes many cells ---- */

  remember(rows = this.rows) {
    this.steps.push(rows.map((row) => [...row]));
    if (this.steps.length > STEPS_BACK) this.steps.shift();
    this.undoButton.hidden = false;
  }

  undo() {
    this.commit();
    const rows = this.steps.pop();
    this.undoButton.hidden = !this.steps.length;
    if (!rows) return;
    this.restore(rows);
    this.place(true);
    this.finish(this.words.undone);
  }

  finish(message) {
    this.message.textContent = message;
    this.changed(true);
    this.left();
  }

  clear() {
    this.remember();
    const { top, bottom, left, right } = this.range();
    for (let row = top; row <= bottom; row += 1) this.rows[row].fill("", left, right + 1);
    this.repaint(top, bottom);
    this.finish("");
  }

  repaint(top, bottom) {
    this.detach();
    for (let row = top; row <= bottom; row += 1) {
      const fresh = this.line(this.rows[row], row);
      if (this.body.rows[row]) this.body.rows[row].replaceWith(fresh);
      else this.body.append(fresh);
    }
    this.place(true);
    this.sums?.all(this.rows);
  }

  addRow() {
    if (this.rows.length >= this.field.most) return;
    this.commit();
    this.rows.push(this.blank());
    this.body.append(this.line(this.rows.at(-1), this.rows.length - 1));
    this.go({ row: this.rows.length - 1, column: 0 });
  }

  removeRows() {
    this.commit();
    this.remember();
    const { top, bottom } = this.range();
    this.restore(this.rows.filter((_row, place) => place < top || place > bottom));
    this.place(true);
    this.finish("");
  }

  copy(event, cut = false) {
    if (this.editing && !this.isWide()) return;
    event.preventDefault();
    const { top, bottom, left, right } = this.range();
    event.clipboardData.setData("text/plain", write(this.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1))));
    if (cut) this.clear();
  }

  paste(event) {
    const cells = parse(event.clipboardData.getData("text/plain"));
    if (this.editing && cells.length === 1 && cells[0].length === 1) return;
    event.preventDefault();
    this.commit();
    this.put(cells);
  }

  /** Put cells in from the range's corner on, with as many more rows as they need. */
  put(cells) {
    const { top, left } = this.range();
    const width = this.columns.length - left;
    const titles = this.columns.slice(left).map((one) => one.title);
    const headed = cells.length > 1 && cells[0].some((cell) => cell.trim()) && cells[0].every((cell, place) => cell.trim() === titles[place]);
    const rows = headed ? cells.slice(1) : cells;
    const kept = rows.slice(0, this.field.most - top);
    this.remember();
    for (const [place, row] of kept.entries()) {
      const line = (this.rows[top + place] ??= this.blank());
      for (let column = 0; column < Math.min(row.length, width); column += 1) line[left + column] = row[column].trim();
    }
    this.repaint(top, top + kept.length - 1);
    const widest = Math.max(...rows.map((row) => row.length));
    this.finish([
      said(this.words.pasted, { rows: kept.length, columns: Math.min(widest, width) }),
      headed ? this.words.heading_skipped : "",
      widest > width ? said(this.words.too_wide, { count: widest - width }) : "",
      rows.length > kept.length ? said(this.words.too_long, { count: rows.length - kept.length }) : "",
    ].filter(Boolean).join(" "));
  }
}
