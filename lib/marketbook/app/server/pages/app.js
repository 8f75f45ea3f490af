// What our pages do beyond HTML: progress while cells run, a banner when the kernel is gone, a run that is watched.
(() => {
  const byId = (id) => document.getElementById(id);

  const mb = (window.mb = {
    // So many cells have run; the first finding's sentence goes to the top as soon as it is there.
    told(done) {
      const bar = byId("mb-progress");
      const share = done / Number(bar.getAttribute("aria-valuemax"));
      bar.setAttribute("aria-valuenow", done);
      bar.firstElementChild.style.width = `${Math.max(2, 100 * share)}%`;
      const first = byId("mb-headline");
      if (first) {
        byId("mb-slot").append(first.content);
        byId("mb-slot").hidden = false;
        first.remove();
      }
      meet();
    },
    // All has been told; where there are widgets, they come to life now.
    ready(widgets) {
      document.body.classList.add("app-done");
      if (widgets) alive = true;
      else front?.end();
      meet();
    },
    failed() {
      document.body.classList.add("app-done", "app-failed");
      front?.end();
    },
    // The kernel is gone: one click opens the page again.
    gone() {
      if (byId("mb-gone")) byId("mb-gone").hidden = false;
    },
    back() {
      if (byId("mb-gone")) byId("mb-gone").hidden = true;
    },
    // The front end says that it is there.
    front(found) {
      front = found;
      meet();
    },
  });

  // The server names the kernel while the cells run, and the front end is loaded meanwhile: either may be first.
  let front = null, connected = false, alive = false;
  const meet = () => {
    const named = byId("jupyter-config-data");
    if (!front || !named) return;
    if (!connected) front.connect(JSON.parse(named.textContent));
    if (alive) front.live();
    connected = true;
    alive = false;
  };

  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // A run that is going on: how far it is, the new page when it is done, and the reason where it failed.
  const watch = async (line) => {
    const answer = await fetch(line.dataset.watch, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) return setTimeout(watch, 4000, line);
    if (!answer.ok) return location.reload();
    const told = await answer.json();
    if (told.running) {
      show(line, told);
      setTimeout(watch, 1000, line);
    } else if (told.error) {
      line.className = "app-refusal";
      line.textContent = line.dataset.failed.replace("{error}", told.error);
    } else location.reload();
  };

  const show = (line, told) => {
    const bar = line.querySelector("progress");
    if (!told.of) return;
    bar.max = told.of;
    bar.value = told.cells;
    const said = line.dataset.cells.replace("{cells}", told.cells).replace("{of}", told.of);
    line.querySelector(".app-cells-done").textContent = said;
  };

  // A part of the page that is read again while somebody looks; whoever is just pressing something is left alone.
  const AGAIN = 30000;
  const again = async (part) => {
    if (document.visibilityState !== "visible") {
      return document.addEventListener("visibilitychange", () => again(part), { once: true });
    }
    const answer = await fetch(part.dataset.again).catch(() => null);
    if (answer?.redirected) return;
    if (answer?.ok) replace(part, await answer.text());
    setTimeout(again, AGAIN, part);
  };

  const replace = (part, told) => {
    const read = document.createElement("template");
    read.innerHTML = told;
    if (part.matches(":active") || read.innerHTML.trim() === part.innerHTML.trim()) return;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    part.replaceChildren(read.content);
    if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const part of document.querySelectorAll("[data-again]")) setTimeout(again, AGAIN, part);
    for (const line of document.querySelectorAll("[data-watch]")) setTimeout(watch, 700, line);
  });
})();
