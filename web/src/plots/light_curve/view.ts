/** How a light curve is looked at: all of it stands in the URL, so that a link shows the same view. */

export type Vertical = "mag" | "flux" | "absolute";
export type Horizontal = "mjd" | "date" | "days";

export interface Range {
  from: number;
  to: number;
}

export interface View {
  y: Vertical;
  x: Horizontal;
  /** MJD of day 0; null for the first detection. */
  t0: number | null;
  hidden: string[];
  limits: boolean;
  /** Null where the number of points decides. */
  errors: boolean | null;
  /** Galactic extinction corrected. */
  extinction: boolean;
  /** MJD. */
  times: Range | null;
  /** In units of the vertical axis. */
  heights: Range | null;
  /** Analyses whose models are shown. */
  models: number[];
  residuals: boolean;
  sideBySide: boolean;
}

export const PLAIN: View = {
  y: "mag",
  x: "mjd",
  t0: null,
  hidden: [],
  limits: true,
  errors: null,
  extinction: false,
  times: null,
  heights: null,
  models: [],
  residuals: false,
  sideBySide: false,
};

const VERTICALS: readonly Vertical[] = ["mag", "flux", "absolute"];
const HORIZONTALS: readonly Horizontal[] = ["mjd", "date", "days"];

/** Reads the view from a query; what makes no sense is as if it were missing. */
export function viewOf(query: Record<string, string | undefined>): View {
  return {
    y: VERTICALS.find((one) => one === query["y"]) ?? PLAIN.y,
    x: HORIZONTALS.find((one) => one === query["x"]) ?? PLAIN.x,
    t0: numberOf(query["t0"]),
    hidden: namesOf(query["hide"]),
    limits: query["limits"] !== "0",
    errors: query["errors"] === undefined ? null : query["errors"] !== "0",
    extinction: query["extinction"] === "1",
    times: rangeOf(query["times"]),
    heights: rangeOf(query["heights"]),
    models: namesOf(query["models"])
      .map(Number)
      .filter((id) => Number.isSafeInteger(id) && id > 0),
    residuals: query["residuals"] === "1",
    sideBySide: query["models_apart"] === "1",
  };
}

/** The query of a view; undefined for what is as it is by default. */
export function queryOf(view: View): Record<string, string | undefined> {
  return {
    y: view.y === PLAIN.y ? undefined : view.y,
    x: view.x === PLAIN.x ? undefined : view.x,
    t0: view.t0 === null ? undefined : String(view.t0),
    hide: view.hidden.length ? view.hidden.join(",") : undefined,
    limits: view.limits ? undefined : "0",
    errors: view.errors === null ? undefined : view.errors ? "1" : "0",
    extinction: view.extinction ? "1" : undefined,
    times: view.times ? textOf(view.times, 5) : undefined,
    heights: view.heights ? textOf(view.heights, 3) : undefined,
    models: view.models.length ? view.models.join(",") : undefined,
    residuals: view.residuals ? "1" : undefined,
    models_apart: view.sideBySide ? "1" : undefined,
  };
}

const namesOf = (text: string | undefined): string[] => [...new Set((text ?? "").split(",").filter((name) => name !== ""))];

function numberOf(text: string | undefined): number | null {
  const number = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

function rangeOf(text: string | undefined): Range | null {
  const [from, to, ...more] = (text ?? "").split("~").map((part) => numberOf(part));
  if (from == null || to == null || more.length > 0 || from === to) return null;
  return { from: Math.min(from, to), to: Math.max(from, to) };
}

const textOf = ({ from, to }: Range, decimals: number): string =>
  [Math.min(from, to), Math.max(from, to)].map((end) => Number(end.toFixed(decimals))).join("~");
