// A live page. The server names the kernel while the cells run, and says when they have: then the widgets come to life.

import { Kernel } from "./kernel.js";
import { Manager } from "./manager.js";
import { speak, tellFailure, tellTooLarge } from "./notice.js";
import "./theme.css";

const { mb } = window;
let kernel, manager;
let isLive = false, state = "open";

function connect(config) {
  speak(config.texts);
  kernel = new Kernel(config, {
    comm: (comm, message) => manager.handleComm(comm, message),
    error: ({ evalue }) => tellFailure(evalue),
    tooLarge: tellTooLarge,
    state: (now) => { state = now; if (isLive) show(); },
  });
  manager = new Manager(kernel);
  kernel.connect();
  window.addEventListener("pagehide", () => leave(config));
}

// Says that the connection is broken, or that it is there again.
function show() {
  if (state === "open") mb.back();
  else mb.gone();
}

async function live() {
  isLive = true;
  show();
  await manager.load();
  const places = document.querySelectorAll(".app-widget[data-model]");
  await Promise.all(Array.from(places, (place) => manager.show(place.dataset.model, place)));
  document.body.classList.add("app-live");
}

function leave(config) {
  kernel.close();
  const form = new FormData();
  form.set("_xsrf", document.querySelector("[name=_xsrf]").value);
  navigator.sendBeacon(`/voila/api/shutdown/${config.kernelId}`, form);
}

mb.front({ connect, live, end: () => kernel?.close() });
