/** What somebody looks for, as it stands in the URL, and as the API is asked. */

import { positionOf } from "../../sky/coordinates";

export interface Search {
  /** A part of an id, or a position. */
  text: string;
  /** Arc seconds around a position. */
  radius: string;
  groups: number[];
  classification: string;
  minRedshift: string;
  maxRedshift: string;
  /** Of the newest analysis. */
  state: string;
  page: number;
  /** Where the page begins if it has no number: what the API led on to. */
  cursor: string;
}

export const PER_PAGE = 50;
/** The API numbers so many pages; the rest follows its cursors. */
export const NUMBERED_PAGES = 10;
const DEFAULT_RADIUS = "10";

export function searchOf(query: URLSearchParams): Search {
  return {
    text: query.get("q") ?? "",
    radius: query.get("radius") ?? DEFAULT_RADIUS,
    groups: (query.get("groups") ?? "")
      .split(",")
      .map(Number)
      .filter((id) => Number.isSafeInteger(id) && id > 0),
    classification: query.get("class") ?? "",
    minRedshift: query.get("zmin") ?? "",
    maxRedshift: query.get("zmax") ?? "",
    state: query.get("state") ?? "",
    page: Math.max(1, Math.trunc(Number(query.get("page") ?? 1)) || 1),
    cursor: query.get("cursor") ?? "",
  };
}

/** The query of the page; an empty text is left out of the URL. Whatever changes but the place leads to the first page. */
export function queryOf(changes: Partial<Search>): Record<string, string> {
  const texts: Record<string, string | undefined> = {
    q: changes.text,
    radius: changes.radius === DEFAULT_RADIUS ? "" : changes.radius,
    groups: changes.groups?.join(","),
    class: changes.classification,
    zmin: changes.minRedshift,
    zmax: changes.maxRedshift,
    state: changes.state,
    page: changes.page === undefined || changes.page === 1 ? "" : String(changes.page),
    cursor: changes.cursor ?? "",
  };
  return Object.fromEntries(Object.entries(texts).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Parameters of `GET /api/sources`. */
export function parametersOf(search: Search): Record<string, string | number | undefined> {
  const position = positionOf(search.text);
  return {
    ...(position
      ? { ra: position.ra, dec: position.dec, radius: Number(search.radius) / 3600 }
      : { sourceID: search.text.trim() || undefined }),
    group_ids: search.groups.join(",") || undefined,
    classifications: search.classification || undefined,
    minRedshift: search.minRedshift || undefined,
    maxRedshift: search.maxRedshift || undefined,
    newestAnalysis: search.state || undefined,
    ...(search.cursor ? { cursor: search.cursor } : { pageNumber: search.page }),
    numPerPage: PER_PAGE,
  };
}

export const isFiltered = (search: Search): boolean =>
  Boolean(search.text || search.groups.length || search.classification || search.minRedshift || search.maxRedshift || search.state);
