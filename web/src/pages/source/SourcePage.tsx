import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function SourcePage(): JSX.Element {
  useTitle("Source");
  return (
    <main class="page">
      <h1>Source</h1>
    </main>
  );
}
