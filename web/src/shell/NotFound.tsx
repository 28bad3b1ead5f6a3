import type { JSX } from "preact";
import { BASE } from "../api/base";
import { useTitle } from "../parts/title";

/** Whether a part of an address can be the number of something. */
export const isId = (text: string): boolean => /^\d{1,16}$/.test(text);

/** What an address without a page shows. */
export function NotFound(): JSX.Element {
  useTitle("Nothing here");
  return (
    <main class="page">
      <h1>Nothing here</h1>
      <p>
        No page has this address. Begin at the <a href={BASE}>list of sources</a>.
      </p>
    </main>
  );
}
