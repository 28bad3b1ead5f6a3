import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function RequestsPage(): JSX.Element {
  useTitle("Requests");
  return (
    <main class="page">
      <h1>Requests</h1>
    </main>
  );
}
