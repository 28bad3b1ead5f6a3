import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function SourcesPage(): JSX.Element {
  useTitle("Sources");
  return (
    <main class="page">
      <h1>Sources</h1>
    </main>
  );
}
