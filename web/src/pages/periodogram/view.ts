/** What a periodogram is asked for, and how it is looked at: all of it stands in the URL. */

export interface View {
  filters: string[];
  method: "lomb_scargle" | "box";
  terms: number;
  /** Days. */
  minPeriod: number | null;
  maxPeriod: number | null;
  oversampling: number | null;
  /** MJD. */
  from: number | null;
  to: number | null;
  /** Folded at, in days; null for the best peak. */
  period: number | null;
  spectralWindow: boolean;
}

const MOST_TERMS = 4;

export function viewOf(query: URLSearchParams): View {
  const number = (name: string, least = 0) => {
    const text = query.get(name)?.trim();
    const value = text ? Number(text) : Number.NaN;
    return Number.isFinite(value) && value > least ? value : null;
  };
  const terms = Math.trunc(number("terms") ?? 1);
  return {
    filters: (query.get("filters") ?? "").split(",").filter((name) => name !== ""),
    method: query.get("method") === "box" ? "box" : "lomb_scargle",
    terms: terms >= 1 && terms <= MOST_TERMS ? terms : 1,
    minPeriod: number("min_period"),
    maxPeriod: number("max_period"),
    oversampling: number("oversampling"),
    from: number("from"),
    to: number("to"),
    period: number("period"),
    spectralWindow: query.get("window") === "1",
  };
}

export function queryOf(view: View): Record<string, string | undefined> {
  const text = (value: number | null) => (value === null ? undefined : String(value));
  return {
    filters: view.filters.join(",") || undefined,
    method: view.method === "box" ? "box" : undefined,
    terms: view.terms > 1 ? String(view.terms) : undefined,
    min_period: text(view.minPeriod),
    max_period: text(view.maxPeriod),
    oversampling: text(view.oversampling),
    from: text(view.from),
    to: text(view.to),
    period: text(view.period),
    window: view.spectralWindow ? "1" : undefined,
  };
}

/** Parameters of `GET /api/sources/<id>/periodogram`; folding is done here. */
export const parametersOf = (view: View): Record<string, string | number | undefined> => ({
  filters: view.filters.join(","),
  method: view.method,
  terms: view.method === "box" ? undefined : view.terms,
  min_period: view.minPeriod ?? undefined,
  max_period: view.maxPeriod ?? undefined,
  oversampling: view.oversampling ?? undefined,
  from: view.from === null ? undefined : `mjd:${view.from}`,
  to: view.to === null ? undefined : `mjd:${view.to}`,
});
