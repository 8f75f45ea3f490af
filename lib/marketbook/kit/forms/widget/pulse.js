/** Something done again and again while somebody looks: one after the other, less often where no answer comes. */

const SLOWEST = 10;

export class Pulse {
  /** Seconds between, and what is done: it says by a promise whether it was answered. */
  constructor(seconds, act) {
    Object.assign(this, { seconds, act, slower: 1, due: false });
    this.seen = () => document.visibilityState === "visible" && this.due && this.beat();
    document.addEventListener("visibilitychange", this.seen);
    this.wait();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  wait() {
    clearTimeout(this.timer);
    this.due = false;
    if (!this.stopped) this.timer = setTimeout(() => this.beat(), 1000 * this.seconds * this.slower);
  }

  /** A page that nobody sees asks nothing; it does when it is seen again. */
  async beat() {
    clearTimeout(this.timer);
    this.due = document.visibilityState !== "visible";
    if (this.due || this.stopped) return;
    const answered = await this.act();
    this.slower = answered ? 1 : Math.min(2 * this.slower, SLOWEST);
    this.wait();
  }
}
