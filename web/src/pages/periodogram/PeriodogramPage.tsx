import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function PeriodogramPage(): JSX.Element {
  useTitle("Periodogram");
  return (
    <main class="page">
      <h1>Periodogram</h1>
    </main>
  );
}
