/** Reads the cursor of the next page out of a `Link` header; null at the end. */
export function nextCursor(link: string | null): string | null {
  const url = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  return url === undefined ? null : new URL(url, location.origin).searchParams.get("cursor");
}
