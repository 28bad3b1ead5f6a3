import type { JSX } from "preact";
import { ask } from "../../../api/client";
import { bytes, counted } from "../../../formats";
import { useAsked } from "../../../live/cache";
import { Dialog } from "../../../parts/Dialog";
import { Loaded } from "../../../parts/Loaded";

interface Answer {
  document: Record<string, unknown>;
  rows: Record<string, number>;
  bytes: number;
}

interface Properties {
  id: string;
  service: number;
  body: Record<string, unknown>;
  onClose: () => void;
}

/** The document that the service would be sent; nothing is started. */
export function Preview({ id, service, body, onClose }: Properties): JSX.Element {
  const path = `/api/obj/${encodeURIComponent(id)}/analysis/${service}/preview`;
  const asked = useAsked(`preview/${id}/${service}/${JSON.stringify(body)}`, () => ask<Answer>("POST", path, { body }));
  return (
    <Dialog title="What would be sent" onClose={onClose} large>
      <Loaded asked={asked} lines={8}>
        {({ document, rows, bytes: size }) => (
          <div class="stack">
            <p>
              {Object.entries(rows)
                .map(([type, count]) => `${type}: ${counted(count, "row")}`)
                .join(", ") || "No data"}
              ; {bytes(size)} in all.
            </p>
            <pre class="code" tabIndex={0} aria-label="Document">
              {readable(document)}
            </pre>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

const MOST_CHARACTERS = 20_000;

/** CSV in the document reads better with its lines as lines. */
function readable(document: Record<string, unknown>): string {
  const text = JSON.stringify(document, null, 2).replaceAll("\\n", "\n    ");
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}\n… ${text.length - MOST_CHARACTERS} more characters` : text;
}
