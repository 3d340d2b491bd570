/** Waiting for the end of a burst. */

/** What belongs together comes within so many milliseconds. */
const BURST = 300;

/** Does something once, after the last of many reasons for it. */
export class Soon {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly act: () => void) {}

  /** There is a reason. */
  call(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.act, BURST);
  }

  /** There is none any more. */
  dispose(): void {
    clearTimeout(this.#timer);
  }
}
