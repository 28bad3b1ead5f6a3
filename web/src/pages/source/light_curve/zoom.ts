import { type Axes, mjdOfX } from "../../../plots/light_curve/axes";
import type { Range, View } from "../../../plots/light_curve/view";
import type { Zoom } from "../../../plots/Plot";

/** What a drag over the plot changes in the view. */
export function zoomed(zoom: Zoom, axes: Axes): Partial<View> {
  const times = rangeOf(zoom, "xaxis", (end) => mjdOfX(axes, end));
  const heights = rangeOf(zoom, "yaxis", Number);
  return { ...(times && { times }), ...(heights && { heights }) };
}

function rangeOf(zoom: Zoom, axis: string, read: (end: number | string) => number): Range | null {
  const ends = [zoom[`${axis}.range[0]`], zoom[`${axis}.range[1]`]];
  const [a, b] = ends.map((end) => (typeof end === "number" || typeof end === "string" ? read(end) : Number.NaN));
  if (a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b) || a === b) return null;
  return { from: Math.min(a, b), to: Math.max(a, b) };
}
