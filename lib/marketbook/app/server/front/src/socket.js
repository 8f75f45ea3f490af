// The websocket: opened again after a short break, such as a telephone that was locked, to the same kernel.

import { PROTOCOL } from "./wire.js";

const WAITS = [200, 500, 1000, 2000, 3000, 5000]; // milliseconds before each attempt; the last one repeats
const TOLD_AFTER = 4000; // milliseconds of a break that nobody needs to be told of
const GIVEN_UP_AFTER = 60000;

export class Socket {
  // `on.frame(frame)`: something came. `on.open()`: the connection is there, perhaps again.
  // `on.state(state)`: "open"; "broken" while attempts fail; "gone" when the kernel is.
  constructor(config, session, on) {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this._kernel = `/api/kernels/${config.kernelId}`;
    this._address = `${scheme}//${location.host}${this._kernel}/channels?session_id=${session}`;
    this._on = on;
    this._broken = null;
    this._ended = false;
    document.addEventListener("visibilitychange", () => this._hurry());
    window.addEventListener("online", () => this._hurry());
  }

  open() {
    clearTimeout(this._timer);
    if (this._ended || (this._socket && this._socket.readyState !== WebSocket.CLOSED)) return;
    this._socket = new WebSocket(this._address, [PROTOCOL]);
    this._socket.binaryType = "arraybuffer";
    this._socket.onopen = () => this._isOpen();
    this._socket.onmessage = ({ data }) => this._on.frame(data);
    this._socket.onclose = () => this._isClosed();
  }

  close() {
    this._ended = true;
    clearTimeout(this._timer);
    this._socket?.close();
  }

  // Sends, and returns whether that could be done.
  send(frame) {
    const open = this._socket?.readyState === WebSocket.OPEN;
    if (open) this._socket.send(frame);
    return open;
  }

  _isOpen() {
    this._broken = null;
    this._on.state("open");
    this._on.open();
  }

  async _isClosed() {
    if (this._ended) return;
    const broken = (this._broken ??= { since: Date.now(), attempts: 0 });
    const lasted = () => Date.now() - broken.since;
    if (await this._isOver(lasted)) {
      this.close();
      this._on.state("gone");
    } else if (this._broken === broken) {
      if (lasted() > TOLD_AFTER) this._on.state("broken");
      this._timer = setTimeout(() => this.open(), WAITS[Math.min(broken.attempts, WAITS.length - 1)]);
      broken.attempts += 1;
    }
  }

  // Whether the server says that there is no such kernel (any more), or that we may not use it; a server that does not
  // answer says nothing, for a minute.
  async _isOver(lasted) {
    try {
      const answer = await fetch(this._kernel, { redirect: "manual", headers: { Accept: "application/json" } });
      return !answer.ok && answer.status < 500;
    } catch {
      return lasted() > GIVEN_UP_AFTER;
    }
  }

  // Somebody looks at the page again, or the network is back: no waiting for the next attempt.
  _hurry() {
    if (this._broken && !document.hidden) this.open();
  }
}
