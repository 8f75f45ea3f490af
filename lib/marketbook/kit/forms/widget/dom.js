/** Elements are made one by one, never parsed from text: what somebody typed can never become markup. */

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** Fill `{name}` in a sentence; what is filled in is not looked at again. */
export function said(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function button(text, pressed, attributes = {}) {
  return el("button", { type: "button", class: "mb-quiet", click: pressed, ...attributes }, text);
}

export function clock(milliseconds, tag) {
  return new Date(milliseconds).toLocaleString(tag, { dateStyle: "medium", timeStyle: "short" });
}

const SETTLED = 60;

/** What somebody opened comes into view once it is laid out, and the keys go there, unless they have gone elsewhere since. */
export function comeForward(opened, wanted = ".mb-title") {
  const before = document.activeElement;
  setTimeout(() => {
    if (document.activeElement !== before && document.activeElement !== document.body) return;
    const heading = opened.querySelector(wanted) ?? opened;
    bringIntoView(heading);
    heading.focus({ preventScroll: true });
  }, SETTLED);
}

/** Go there in one movement that the eye can follow; at once for who wants no movement. */
export function bringIntoView(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
}

let made = 0;

/** A prefix for ids that no other widget on the page has. */
export function prefix() {
  made += 1;
  return `mb${made}-${Math.random().toString(36).slice(2, 8)}`;
}
