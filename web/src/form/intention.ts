/** One key for every repeat of one intention, so that a double click or a second try starts one run. */

/** A second click on the same within this time is the same intention. */
const SAME_WITHIN_MS = 3000;

export class Intention {
  private content: string | null = null;
  private key = "";
  private reachedAt: number | null = null;

  /** The Idempotency-Key of a content: the same until it has been taken for a while, or another content comes. */
  keyOf(content: string, now: number = Date.now()): string {
    const over = this.reachedAt !== null && now - this.reachedAt > SAME_WITHIN_MS;
    if (content !== this.content || over) {
      this.content = content;
      this.key = crypto.randomUUID();
      this.reachedAt = null;
    }
    return this.key;
  }

  /** The server has done it. */
  done(now: number = Date.now()): void {
    this.reachedAt ??= now;
  }
}
