import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function ServicePage(): JSX.Element {
  useTitle("Service");
  return (
    <main class="page">
      <h1>Service</h1>
    </main>
  );
}
