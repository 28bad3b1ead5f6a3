import type { JSX } from "preact";
import { NUMBERED_PAGES, PER_PAGE, type Search } from "./search";

interface Properties {
  /** Sources on this page. */
  count: number;
  total: number;
  /** The API's cursor to the next page. */
  next: string | null;
  search: Search;
  onChange: (changes: Partial<Search>) => void;
}

/** Leads from page to page: by number as far as pages have one, then by cursor. */
export function Pages({ count, total, next, search: { page, cursor }, onChange }: Properties): JSX.Element | null {
  const from = (page - 1) * PER_PAGE;
  const numbered = !cursor && page < NUMBERED_PAGES && total > from + count;
  const first = page === 1 && !cursor;
  if (first && !numbered && next === null) return null;
  return (
    <nav class="row" aria-label="Pages of sources">
      {cursor ? (
        <button type="button" class="button" onClick={() => onChange({ page: 1 })}>
          First page
        </button>
      ) : (
        page > 1 && (
          <button type="button" class="button" onClick={() => onChange({ page: page - 1 })}>
            Previous
          </button>
        )
      )}
      {!cursor && count > 0 && (
        <span class="muted">
          {from + 1} to {from + count}
        </span>
      )}
      {(numbered || next !== null) && (
        <button type="button" class="button" onClick={() => onChange(numbered ? { page: page + 1 } : { page, cursor: next ?? "" })}>
          {numbered || count > 0 ? "Next" : "Look further"}
        </button>
      )}
    </nav>
  );
}
