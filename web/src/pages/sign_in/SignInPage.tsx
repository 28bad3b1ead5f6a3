import type { JSX } from "preact";
import { useTitle } from "../../parts/title";
import { SignInForm } from "./SignInForm";
import "./sign_in.css";

/** What somebody sees who is not signed in. */
export function SignInPage(): JSX.Element {
  useTitle("Sign in");
  return (
    <main class="page sign-in">
      <section class="panel">
        <h1>Sign in</h1>
        <p class="muted">With an API token of Siderostat, the same that programs use. This browser keeps no copy of it.</p>
        <SignInForm />
      </section>
      <section class="stack small muted">
        <h2>No token?</h2>
        <ul class="hints">
          <li>A colleague who administers the site makes an account and its first token under Profile, Users.</li>
          <li>Signed in elsewhere already? Make another under Profile, “New token”; it is shown once.</li>
          <li>
            On this machine: <code>make run</code> prints a link that signs in once.
          </li>
        </ul>
      </section>
    </main>
  );
}

