/** Whether a server that ended by itself is started again. */

/** So many crashes within {@link WINDOW} are passed over in silence. */
const ALLOWED = 3;
/** In milliseconds. */
const WINDOW = 3 * 60 * 1000;

/** The crashes of one window. */
export class Crashes {
  #times: number[] = [];

  /** Notes a crash at `now`, in milliseconds, and says whether to start again. */
  forgives(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < WINDOW);
    this.#times.push(now);
    return this.#times.length <= ALLOWED;
  }

  /** Forgets them: somebody has looked after the server. */
  forget(): void {
    this.#times = [];
  }
}
