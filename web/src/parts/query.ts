import { useLocation } from "preact-iso";

type Changes = Record<string, string | null | undefined>;

/** What stands in the URL's query, and what changes it: a step that Back takes back, unless `replace`. */
export function useQuery(): [URLSearchParams, (changes: Changes, replace?: boolean) => void] {
  const { route } = useLocation();
  const change = (changes: Changes, replace = false): void => {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    const url = location.pathname + (text && `?${text}`);
    if (url !== location.pathname + location.search) route(url, replace);
  };
  return [new URLSearchParams(location.search), change];
}
