/** Path of the first page, ends with a slash: `/`, or the stage's prefix, which the server writes into the document. */
export const BASE = document.querySelector<HTMLMetaElement>('meta[name="base"]')?.content || "/";

/** Returns the address of a page, with each part encoded: `to("sources", "ZTF+1")`. */
export function to(...parts: (string | number)[]): string {
  return BASE + parts.map((part) => encodeURIComponent(part)).join("/");
}

/** Returns the address of a path that begins with `/api`. */
export function apiUrl(path: string): string {
  return BASE + path.replace(/^\//, "");
}
