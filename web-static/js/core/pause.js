// Waiting between attempts, for as long as nobody is in a hurry.

export class Pause {
  #end = null;
  /** Whether somebody was in a hurry while nothing was waited for. */
  #isHurried = false;

  /**
   * Ends the wait. Where there is none the next one is left out: an attempt that is under way was begun before there was reason
   * to hurry, and if it fails that says nothing of what would come of another one.
   */
  hurry() {
    if (this.#end) this.#end();
    else this.#isHurried = true;
  }

  /** Waits; what `isFirm` was asked for by the other side, and begins in any case. */
  async last(milliseconds, isFirm = false) {
    const isHurried = this.#isHurried && !isFirm;
    this.#isHurried = false;
    if (isHurried) return;
    await new Promise(resolve => {
      this.#end = resolve;
      setTimeout(resolve, milliseconds);
    });
    this.#end = null;
  }
}
