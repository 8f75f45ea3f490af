// What the data pages do beyond HTML: a file that is too large is told before it is sent, a check is watched.
(() => {
  const form = document.querySelector("form[data-largest]");
  if (form) {
    const file = form.querySelector("input[type=file]");
    const drop = form.querySelector(".data-drop");
    const refusal = document.getElementById("too-large");
    const tooLarge = () => file.files[0] && file.files[0].size > Number(form.dataset.largest);
    const tell = () => {
      refusal.hidden = !tooLarge();
      refusal.textContent = tooLarge() ? form.dataset.tooLarge : "";
    };
    file.addEventListener("change", tell);
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("data-over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("data-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("data-over");
      if (event.dataTransfer.files.length === 1) {
        file.files = event.dataTransfer.files;
        tell();
      }
    });
    form.addEventListener("submit", (event) => {
      if (tooLarge()) {
        event.preventDefault();
        tell();
        return;
      }
      form.querySelector("button[type=submit]").disabled = true;
      document.getElementById("sending").textContent = form.dataset.sending;
    });
    // A page that the browser kept must be usable when one goes back to it.
    window.addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });
  }

  const busy = document.querySelector("[data-state]");
  if (busy) {
    const read = document.getElementById("data-read");
    const words = read.textContent;
    const shown = words.match(/[\d,]+/)[0];
    const watch = async () => {
      try {
        const answer = await fetch(busy.dataset.state, { headers: { Accept: "application/json" } });
        const state = answer.ok ? await answer.json() : { busy: false };
        if (!state.busy) { location.reload(); return; }
        read.textContent = words.replace(shown, state.count);
      } catch { /* the server is not to be reached just now: it is asked again */ }
      setTimeout(watch, 1000);
    };
    setTimeout(watch, 700);
  }
})();
