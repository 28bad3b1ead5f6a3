import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** A secret that is shown this once, to be copied. */
export function ShownOnce({ what, text }: { what: string; text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  return (
    <div class="stack">
      <p>Copy it now: it is not shown again.</p>
      <div class="row">
        <code class="shown-once">{text}</code>
        <button type="button" class="button" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? "Copied" : `Copy ${what}`}
        </button>
      </div>
    </div>
  );
}
