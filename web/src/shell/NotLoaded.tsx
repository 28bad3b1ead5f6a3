import type { JSX } from "preact";
import { ProblemNote } from "../parts/Problem";
import { useTitle } from "../parts/title";

const UNREACHED = new Error("This page could not be loaded. Nothing is lost; check the connection and try again.");

/** Stands in place of a page whose script did not arrive. */
export function NotLoaded(): JSX.Element {
  useTitle("Not loaded");
  return (
    <main class="page">
      <ProblemNote problem={UNREACHED} again={() => location.reload()} />
    </main>
  );
}
