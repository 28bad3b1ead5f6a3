import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function AnalysisPage(): JSX.Element {
  useTitle("Analysis");
  return (
    <main class="page">
      <h1>Analysis</h1>
    </main>
  );
}
