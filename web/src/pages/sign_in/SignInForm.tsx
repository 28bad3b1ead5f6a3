import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { signIn } from "../../api/session";
import { Field } from "../../parts/Field";
import { ProblemNote } from "../../parts/Problem";

/** Takes a token and opens a session with it; a wrong one stays in the field. */
export function SignInForm(): JSX.Element {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (token.trim() === "") {
      setProblem(new Error("Paste your token first."));
      field.current?.focus();
      return;
    }
    setSending(true);
    setProblem(null);
    try {
      await signIn({ token: token.trim() });
    } catch (thrown) {
      setProblem(thrown);
      setSending(false);
      field.current?.focus();
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void send(event)} noValidate>
      <Field label="Token">
        {(control) => (
          <input
            {...control}
            ref={field}
            class="input mono"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        )}
      </Field>
      <ProblemNote problem={problem} />
      <div class="row">
        <button type="submit" class="button primary" disabled={sending}>
          Sign in
        </button>
      </div>
    </form>
  );
}
