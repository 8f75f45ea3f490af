/**
 * What is typed, kept until it is sent: by the server, and on this device until the server has said that it has it.
 * None of it needs the kernel.
 */

const SOON = 400;
const LONGEST_WAIT = 30000;
const KEEPALIVE = 60000;

export class Draft {
  /**
   * @param server `{url, account}`, or null where nothing can be kept
   * @param place `{form, record}`
   * @param content returns the values that stand in the form
   * @param tell is told how it stands: typing, saving, saved, away, signed_out, too_large, full, conflict
   * @param after when the draft was typed that this tab has seen; null where there was none
   * @param elsewhere is given what another tab has typed since, which is not written over
   */
  constructor({ server, place, content, tell, after, elsewhere }) {
    Object.assign(this, { server, place, content, tell, after, elsewhere });
    this.tab = Math.random().toString(36).slice(2);
    this.held = false;
    this.key = server ? `marketbook-draft:${server.account}:${place.form}:${place.record ?? ""}` : "";
    this.version = 0;
    this.kept = 0;
    this.at = 0;
    this.wait = 1000;
    this.listeners = [
      [document, "visibilitychange", () => document.visibilityState === "hidden" && this.keep(true)],
      [window, "pagehide", () => this.keep(true)],
      [window, "online", () => this.keep()],
    ];
    for (const [where, name, act] of this.listeners) where.addEventListener(name, act);
  }

  close() {
    this.keep(true);
    for (const [where, name, act] of this.listeners) where.removeEventListener(name, act);
    clearTimeout(this.timer);
  }

  /** Something was typed. */
  touch(wait = SOON) {
    this.version += 1;
    this.at = Math.max(Date.now(), this.at + 1);
    if (!this.server) return;
    this.tell("typing");
    this.later(wait);
  }

  /** Keep what stands there now; true when the server has it. */
  async keep(leaving = false) {
    clearTimeout(this.timer);
    if (!this.server || this.kept === this.version) return true;
    this.store();
    if (this.held) return false;
    if (this.flight && !leaving) return this.flight;
    this.flight = this.put(leaving);
    const done = await this.flight;
    this.flight = null;
    if (done && this.kept < this.version) return this.keep();
    return done;
  }

  /** Where this tab's copy is: one that may not be sent has a place that no other tab writes over. */
  get own() {
    return this.held ? `${this.key}#${this.tab}` : this.key;
  }

  /** The latest copy on this device; null where there is none. */
  copy() {
    if (!this.server) return null;
    try {
      const keys = Object.keys(localStorage).filter((key) => key === this.key || key.startsWith(`${this.key}#`));
      const copies = keys.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }));
      const latest = copies.sort((one, other) => other.at - one.at)[0] ?? null;
      this.found = latest?.key;
      return latest;
    } catch {
      return null;
    }
  }

  /** Go on with what stands here, though another tab has typed at that moment. */
  overwrite(at) {
    this.drop();
    this.held = false;
    this.after = at;
    this.version += 1;
    return this.keep();
  }

  /** Go on with what another tab has typed. */
  adopt(at) {
    this.drop();
    this.held = false;
    this.after = this.at = at;
    this.kept = this.version;
  }

  /** It was sent, or is not wanted any more: nothing of it stays on this device. */
  forget() {
    clearTimeout(this.timer);
    this.kept = this.version;
    this.drop();
    this.held = false;
    this.after = null;
  }

  drop() {
    try {
      localStorage.removeItem(this.own);
      if (this.found) localStorage.removeItem(this.found);
    } catch {
      /* a device that keeps nothing has nothing to drop */
    }
  }

  /** Drop it here and at the server. */
  async discard() {
    await this.flight;
    this.forget();
    const { form, record } = this.place;
    const asked = new URLSearchParams({ form, ...(record === null ? {} : { record_id: record }) });
    return this.ask("DELETE", `${this.server.url}?${asked}`).then((answer) => answer.ok, () => false);
  }

  store() {
    try {
      localStorage.setItem(this.own, JSON.stringify({ values: this.content(), at: this.at }));
    } catch {
      this.tell("full");
    }
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), wait);
  }

  async put(leaving) {
    const version = this.version;
    const content = { values: this.content(), at: this.at, tab: this.tab };
    const body = JSON.stringify({ form: this.place.form, record_id: this.place.record, content, after: this.after });
    this.tell("saving");
    const small = new Blob([body]).size < KEEPALIVE;
    try {
      const answer = await this.ask("PUT", this.server.url, body, leaving && small);
      if (answer.status === 409) return this.refused((await answer.json()).elsewhere);
      if (answer.ok) this.after = content.at;
      return this.answered(answer, version);
    } catch {
      return this.failed("away");
    }
  }

  ask(method, url, body, keepalive = false) {
    const token = document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/)?.[1] ?? "";
    const headers = { "Content-Type": "application/json", "X-XSRFToken": decodeURIComponent(token) };
    return fetch(url, { method, body, headers, keepalive, credentials: "same-origin", redirect: "manual" });
  }

  refused(other) {
    this.drop();
    this.held = true;
    this.store();
    this.tell("conflict");
    this.elsewhere(other);
    return false;
  }

  answered(answer, version) {
    if (answer.ok) {
      this.wait = 1000;
      this.kept = Math.max(this.kept, version);
      if (this.kept === this.version) {
        this.drop();
        this.tell("saved");
      }
      return true;
    }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.failed("signed_out");
    if (answer.status === 400 || answer.status === 413) {
      this.tell("too_large");
      return false;
    }
    return this.failed("away");
  }

  failed(why) {
    this.tell(why);
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }
}
