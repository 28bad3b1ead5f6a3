/** Milliseconds between two looks at what moved. */
export const SOONEST = 2_000;
export const LATEST = 30_000;
/** The same while a run that has not ended is shown. */
export const LATEST_HURRIED = 5_000;
const GROWTH = 1.5;

/** Returns the wait before the next look: short after something moved, longer and longer when nothing does. */
export function nextDelay(delay: number, moved: boolean, hurried = false): number {
  return moved ? SOONEST : Math.min(hurried ? LATEST_HURRIED : LATEST, delay * GROWTH);
}
