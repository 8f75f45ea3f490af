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
    },
    ready() {
      document.body.classList.add("app-done");
    },
    failed() {
      document.body.classList.add("app-done");
    },
    // The kernel is gone: one click opens the page again.
    gone() {
      byId("mb-gone").hidden = false;
    },
  });

  // Voilà's front end calls these when its theme is there, and while a cell takes long.
  window.voila_finish = () => {};
  window.voila_process = () => {};
  window.voila_heartbeat = () => {};

  // A connection that ends and does not come back within a moment is told.
  const Socket = window.WebSocket;
  let sockets = 0, leaving = false;
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.WebSocket = class extends Socket {
    constructor(...known) {
      super(...known);
      this.addEventListener("open", () => { sockets += 1; });
      this.addEventListener("close", () => {
        sockets = Math.max(0, sockets - 1);
        setTimeout(() => { if (!leaving && sockets === 0 && byId("mb-gone")) mb.gone(); }, 4000);
      });
    }
  };

  const watch = async (line) => {
    const answer = await fetch(line.dataset.watch, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).running) setTimeout(watch, 2000, line);
    else location.reload();
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const line of document.querySelectorAll("[data-watch]")) setTimeout(watch, 1500, line);
  });
})();
