/** A list to choose from below an input, by keyboard or pointer, as the ARIA practice for comboboxes has it. */

import { el } from "./dom.js";

const PAUSE = 180;

export class Combobox {
  /**
   * @param input the input; it gets the list behind it when it is attached
   * @param find returns (a promise of) `{found: [{id, label, about}]}` for a text, or of `{failed}`, a sentence
   * @param pick is given what was chosen
   * @param free whether something else may be typed: then nothing is chosen but by an arrow key or a pointer
   */
  constructor({ input, id, words, find, pick, free = false }) {
    Object.assign(this, { input, words, find, pick, free });
    this.items = [];
    this.at = -1;
    this.asked = 0;
    this.list = el("ul", { id: `${id}-list`, role: "listbox", class: "mb-list", hidden: true, mousedown: (event) => this.pressed(event) });
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    this.listeners = {
      input: () => this.soon(),
      blur: () => this.close(),
    };
    for (const [name, act] of Object.entries(this.listeners)) input.addEventListener(name, act);
  }

  detach() {
    this.close();
    clearTimeout(this.timer);
    this.asked += 1;
    for (const [name, act] of Object.entries(this.listeners)) this.input.removeEventListener(name, act);
    for (const name of ["role", "aria-expanded", "aria-autocomplete", "aria-controls"]) this.input.removeAttribute(name);
    this.list.remove();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), PAUSE);
  }

  async search(text = this.input.value) {
    this.asked += 1;
    const asked = this.asked;
    const { found, failed } = await this.find(text);
    if (asked !== this.asked || this.input.getRootNode().activeElement !== this.input) return;
    this.items = found ?? [];
    if (this.free && !this.items.length) return this.close();
    this.at = !this.free && this.items.length && text.trim() ? 0 : -1;
    this.show(failed ?? this.words.none);
  }

  /** @param instead is said where there is nothing to choose */
  show(instead) {
    const options = this.items.map((item, place) =>
      el("li", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": String(place === this.at) },
        el("span", {}, item.label), item.about ? el("small", {}, item.about) : null));
    if (!options.length) options.push(el("li", { role: "presentation", class: "mb-none" }, instead));
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  mark() {
    for (const [place, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(place === this.at));
    const marked = this.items.length && this.at >= 0 ? this.list.children[this.at] : null;
    if (marked) {
      this.input.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Take a key; true where it was meant for the list. */
  key(event) {
    if (event.isComposing) return false;
    if (event.key === "ArrowDown" && event.altKey && !this.isOpen) return this.taken(event, () => this.search(""));
    if (!this.isOpen) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      return this.taken(event, () => {
        this.at = (this.at + step + this.items.length) % Math.max(this.items.length, 1);
        this.mark();
      });
    }
    if (event.key === "Enter" && this.items[this.at]) return this.taken(event, () => this.choose(this.at));
    if (event.key === "Escape") return this.taken(event, () => this.close());
    return false;
  }

  taken(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
    return true;
  }

  pressed(event) {
    event.preventDefault();
    const place = [...this.list.children].indexOf(event.target.closest("li"));
    if (this.items[place]) this.choose(place);
  }

  choose(place) {
    const item = this.items[place];
    this.close();
    this.pick(item);
  }
}
