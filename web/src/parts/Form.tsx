import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { ProblemNote } from "./Problem";

interface Properties {
  /** What the button does, in words: "Create token". */
  action: string;
  /** Does it; what fails is said above the buttons. */
  send: () => Promise<unknown>;
  /** The word on the other button, and what it does. */
  leave: readonly [word: string, go: () => void];
  look?: string;
  children: ComponentChildren;
}

/** A form within a page: it is sent once at a time, and keeps what was typed when that fails. */
export function Form({ action, send, leave: [word, go], look = "note", children }: Properties): JSX.Element {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const submit = async (): Promise<void> => {
    if (sending) return;
    setSending(true);
    setProblem(null);
    try {
      await send();
    } catch (thrown) {
      setProblem(thrown);
    }
    setSending(false);
  };
  return (
    <form
      class={`stack ${look}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
      <ProblemNote problem={problem} again={() => void submit()} />
      <div class="row">
        <button type="submit" class="button primary" disabled={sending}>
          {action}
        </button>
        <button type="button" class="button" onClick={go}>
          {word}
        </button>
      </div>
    </form>
  );
}
