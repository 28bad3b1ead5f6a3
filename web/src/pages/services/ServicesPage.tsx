import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function ServicesPage(): JSX.Element {
  useTitle("Services");
  return (
    <main class="page">
      <h1>Services</h1>
    </main>
  );
}
