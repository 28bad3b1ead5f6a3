import type { ComponentChildren, JSX } from "preact";
import { useAttempt } from "./attempt";
import { ProblemNote } from "./Problem";

interface Properties {
  /** What the button does, in words: "Create token". */
  action: string;
  /** Does it; what fails is said above the buttons. */
  send: () => Promise<unknown>;
  /** Whether there is something to send. */
  ready?: boolean;
  /** The word on the other button, and what it does; a form without stays where it is. */
  leave?: readonly [word: string, go: () => void];
  look?: string;
  children: ComponentChildren;
}

/** A form within a page: it is sent once at a time, and keeps what was typed when that fails. */
export function Form({ action, send, ready = true, leave, look = "note", children }: Properties): JSX.Element {
  const { doing, problem, attempt } = useAttempt();
  const submit = (): void => attempt(send);
  return (
    <form
      class={`stack ${look}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      <ProblemNote problem={problem} again={submit} />
      <div class="row">
        <button type="submit" class={leave ? "button primary" : "button"} disabled={doing || !ready}>
          {action}
        </button>
        {leave && (
          <button type="button" class="button" onClick={leave[1]}>
            {leave[0]}
          </button>
        )}
      </div>
    </form>
  );
}
