/** Path of the first page, ends with a slash: `/`, or the stage's prefix where there is one. */
export const BASE = new URL(document.baseURI).pathname.replace(/[^/]*$/, "");

/** Returns the address of a page, with each part encoded: `to("sources", "ZTF+1")`. */
export function to(...parts: (string | number)[]): string {
  return BASE + parts.map((part) => encodeURIComponent(part)).join("/");
}

/** Returns the address of a path that begins with `/api`. */
export function apiUrl(path: string): string {
  return BASE + path.replace(/^\//, "");
}
