import type { JSX } from "preact";
import { session } from "../../api/session";
import { Dialog } from "../../parts/Dialog";
import { SignInForm } from "./SignInForm";

/** Asks for a token over the page when the session has ended; what was typed there stays. */
export function SignInDialog(): JSX.Element {
  return (
    <Dialog title="Sign in again" closable={false} onClose={() => undefined}>
      <div class="stack">
        <p>
          The session of {session.value?.user.username} has ended. Nothing is lost: the page is as it was, and goes on once you have signed
          in.
        </p>
        <SignInForm />
      </div>
    </Dialog>
  );
}
