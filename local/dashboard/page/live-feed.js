/** The live stream of the server: its latest state, and whether there is a connection. */
import { apiAddress } from "./api.js";

export class LiveFeed {
  /** "connecting" | "open" | "lost" */
  connection = "connecting";
  latest = undefined;
  #listeners = new Set();
  #source = undefined;
  #retry = undefined;
  #watch = undefined;

  subscribe(listener) {
    this.#listeners.add(listener);
    if (this.#source === undefined) {
      for (const sign of ["unanswered", "offline"]) addEventListener(sign, () => this.#check());
      this.#open();
    }
    return () => this.#listeners.delete(listener);
  }

  #open() {
    const source = new EventSource(apiAddress("live"));
    this.#source = source;
    source.onmessage = (message) => {
      this.connection = "open";
      this.latest = { ...JSON.parse(message.data), hereMs: performance.now() };
      // The server speaks every second; silence means a sleeping machine or a cut line that no error tells of.
      clearTimeout(this.#watch);
      this.#watch = setTimeout(() => this.#reopen(0), 10_000);
      this.#tell();
    };
    source.onerror = () => {
      this.connection = "lost";
      this.#tell();
      // The browser tries again by itself, except after an answer that was no stream.
      if (source.readyState === EventSource.CLOSED) this.#reopen(2_000);
    };
  }

  /** A stream that was open before the line was cut may stay so: only a new one tells. */
  #check() {
    if (this.#source.readyState !== EventSource.OPEN) return;
    this.#source.close();
    this.#open();
  }

  #reopen(waitMs) {
    this.#source.close();
    clearTimeout(this.#watch);
    clearTimeout(this.#retry);
    this.connection = "lost";
    this.#tell();
    this.#retry = setTimeout(() => this.#open(), waitMs);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
