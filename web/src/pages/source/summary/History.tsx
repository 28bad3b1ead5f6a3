import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { difference } from "../../../words/difference";
import type { SummaryEntry } from "../queries";
import { By } from "./By";

const AT_FIRST = 10;
const TAGS = { same: "span", added: "ins", removed: "del" } as const;

/** Every summary there was, newest first, with what each changed of the one before. */
export function History({ entries }: { entries: SummaryEntry[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, AT_FIRST);
  return (
    <div class="stack">
      <h3>History</h3>
      <ol class="history" reversed start={entries.length}>
        {shown.map((entry, place) => (
          <li key={`${entry.set_at_utc}/${place}`}>
            <p class="small muted">
              <By entry={entry} />
              {entry.summary === null && " · cleared"}
            </p>
            <p class="summary-text">
              <Changed from={entries[place + 1]?.summary ?? ""} to={entry.summary ?? ""} />
            </p>
          </li>
        ))}
      </ol>
      {shown.length < entries.length && (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {entries.length}
        </button>
      )}
    </div>
  );
}

function Changed({ from, to }: { from: string; to: string }): JSX.Element {
  return (
    <>
      {difference(from, to).map(({ kind, text }, place) => {
        const Tag = TAGS[kind];
        return <Tag key={place}>{text}</Tag>;
      })}
    </>
  );
}
