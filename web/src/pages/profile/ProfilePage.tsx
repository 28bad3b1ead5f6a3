import type { JSX } from "preact";
import { useTitle } from "../../parts/title";

export default function ProfilePage(): JSX.Element {
  useTitle("Profile");
  return (
    <main class="page">
      <h1>Profile</h1>
    </main>
  );
}
