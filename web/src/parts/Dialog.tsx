import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ProblemNote } from "./Problem";

interface Properties {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  large?: boolean;
  role?: "dialog" | "alertdialog";
  /** Whether Escape and the cross close it. */
  closable?: boolean;
}

/** A dialog over the page; Escape closes it, and the focus goes back to where it was, or to the page if that is gone. */
export function Dialog({ title, onClose, children, large = false, role = "dialog", closable = true }: Properties): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // not after the next frame: a key pressed meanwhile would meet the page behind it
  useLayoutEffect(() => {
    const [dialog, before] = [element.current, document.activeElement];
    dialog?.showModal();
    return () => {
      dialog?.close(); // first: while it is open nothing behind it takes the focus
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else focusPage();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={large ? "dialog large" : "dialog"}
      role={role}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={heading}>{title}</h2>
        {closable && (
          <button type="button" class="button quiet" aria-label="Close" onClick={onClose}>
            ✕
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}

/** Puts the focus at the beginning of what the page shows, so that the next Tab does not begin with the bar. */
function focusPage(): void {
  const main = document.querySelector("main");
  main?.setAttribute("tabindex", "-1");
  main?.focus({ preventScroll: true });
}

interface ConfirmProperties {
  title: string;
  /** What the button does, in words: "Delete 3 analyses". */
  action: string;
  onClose: () => void;
  /** Does it; the dialog closes when it is done, and says so if it fails. */
  onConfirm: () => Promise<unknown>;
  children?: ComponentChildren;
}

/** Asks before what cannot be undone. */
export function Confirm({ title, action, onClose, onConfirm, children }: ConfirmProperties): JSX.Element {
  const [doing, setDoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const confirm = async (): Promise<void> => {
    setDoing(true);
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setProblem(thrown);
      setDoing(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      <div class="stack">
        {children}
        <ProblemNote problem={problem} again={() => void confirm()} />
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          Keep
        </button>
        <button type="button" class="button danger" disabled={doing} onClick={() => void confirm()}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
