/** Which points are worth drawing: of those that would lie on one another, one. */

export interface Window {
  x: readonly [number, number];
  y: readonly [number, number];
  /** Of the plot, in pixels. */
  width: number;
  height: number;
}

/** Up to so many points all are drawn. */
export const ALL_DRAWN = 3000;
const CELL_PIXELS = 3;

/**
 * Of rows that share a cell of three pixels the last is kept; what is outside by more than half the window is left out.
 */
export function thinned(rows: number[], x: (row: number) => number | null, y: (row: number) => number | null, window: Window): number[] {
  const across = window.width / CELL_PIXELS / (window.x[1] - window.x[0]);
  const down = window.height / CELL_PIXELS / (window.y[1] - window.y[0]);
  const [columns, lines] = [window.width / CELL_PIXELS, window.height / CELL_PIXELS];
  const cells = new Map<number, number>();
  for (const row of rows) {
    const [at, height] = [x(row), y(row)];
    if (at === null || height === null) continue;
    const column = Math.floor((at - window.x[0]) * across);
    const line = Math.floor((height - window.y[0]) * down);
    if (column < -columns / 2 || column > columns * 1.5 || line < -lines / 2 || line > lines * 1.5) continue;
    cells.set(column * 65_536 + line, row);
  }
  return [...cells.values()];
}
