"""What a page owes to everybody (WCAG AA), asked of the page in the browser."""

from typing import Any

from playwright.sync_api import Page

SCRIPT = r"""
() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (e) => `${e.tagName.toLowerCase()}.${e.className} ${(e.textContent || "").trim().slice(0, 40)}`;
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const rgb = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = (c) => {
    const [r, g, b] = c.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = rgb(getComputedStyle(at).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  if (document.documentElement.scrollWidth > innerWidth) faults.push("it runs off the screen");
  if (all("main").length !== 1 || all("h1").length !== 1) faults.push("not one main and one h1");
  let level = 1;
  for (const e of all("h1,h2,h3,h4,h5,h6").filter((e) => shown(e) && !e.closest(".app-told"))) {
    if (Number(e.tagName[1]) > level + 1) faults.push(`heading skips: ${named(e)}`);
    level = Number(e.tagName[1]);
  }
  for (const e of all("input:not([type=hidden]),select,textarea"))
    if (!e.labels.length && !e.ariaLabel) faults.push(`no label: ${e.name}`);
  for (const e of all("a[href],button,summary").filter(shown)) {
    if (!e.textContent.trim() && !e.ariaLabel) faults.push(`no name: ${e.outerHTML.slice(0, 80)}`);
    const height = e.getBoundingClientRect().height;
    if (e.matches("button,summary,.app-button") && height < 40) faults.push(`small: ${named(e)}`);
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`id twice: ${id}`);
  for (const name of ["aria-labelledby", "aria-describedby"])
    for (const e of all(`[${name}]`))
      for (const id of e.getAttribute(name).split(" "))
        if (!ids.includes(id)) faults.push(`${name} leads nowhere: ${id}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    const aside = e.closest("svg,script,style,template,.app-hidden,.app-skip");
    if (!texts.currentNode.data.trim() || aside || !shown(e)) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(rgb(style.color).slice(0, 3)), light(behind(e))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < least) faults.push(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}: ${named(e)}`);
  }
  return [...new Set(faults)];
}
"""


def faults(page: Page) -> list[Any]:
    """Return what a page owes."""
    found: list[Any] = page.evaluate(SCRIPT)
    return found
