/** Milliseconds between two looks at what moved. */
export const SOONEST = 2_000;
export const LATEST = 30_000;
const GROWTH = 1.5;

/** Returns the wait before the next look: short after something moved, longer and longer when nothing does. */
export function nextDelay(delay: number, moved: boolean): number {
  return moved ? SOONEST : Math.min(LATEST, delay * GROWTH);
}
