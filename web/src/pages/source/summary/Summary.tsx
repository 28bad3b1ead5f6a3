import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { may } from "../../../api/session";
import { useDraft } from "../../../parts/draft";
import { ProblemNote } from "../../../parts/Problem";
import { type Source, sourcePath } from "../queries";
import { History } from "./History";
import { Summarize } from "./Summarize";
import { By } from "./By";

interface Properties {
  source: Source;
  onChanged: () => void;
}

/** What is known of a source in a few sentences; to be edited in place. */
export function Summary({ source, onChanged }: Properties): JSX.Element {
  const [editing, setEditing] = useState(false);
  const [past, setPast] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [failed, setFailed] = useState<string | null | undefined>(undefined);
  const [draft, setDraft, forgetDraft] = useDraft<string | null>(`summary/${source.id}`, null);
  const text = draft ?? source.summary ?? "";
  const writer = may("Upload data");
  const newest = source.summary_history[0];

  const discard = (): void => {
    setDraft(null);
    forgetDraft();
    setEditing(false);
  };
  const write = async (summary: string | null): Promise<void> => {
    setProblem(null);
    setFailed(summary);
    try {
      await ask("PATCH", sourcePath(source.id), { body: { summary } });
      discard();
      onChanged();
    } catch (thrown) {
      setProblem(thrown);
    }
  };

  return (
    <section class="panel" aria-labelledby="summary">
      <div class="panel-head">
        <h2 id="summary">Summary</h2>
        <div class="row no-print">
          <Summarize id={source.id} onDone={onChanged} />
          {writer && !editing && (
            <button type="button" class="button" onClick={() => setEditing(true)}>
              Edit summary
            </button>
          )}
          {writer && source.summary !== null && (
            <button type="button" class="button" onClick={() => void write(null)}>
              Clear summary
            </button>
          )}
          {source.summary_history.length > 0 && (
            <button type="button" class="button" aria-expanded={past} onClick={() => setPast(!past)}>
              History
            </button>
          )}
        </div>
      </div>
      {editing ? (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void write(text.trim() || null);
          }}
        >
          <textarea
            class="input"
            aria-label="Summary"
            rows={4}
            maxLength={10_000}
            value={text}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
          <div class="row">
            <button type="submit" class="button primary">
              Save summary
            </button>
            <button type="button" class="button" onClick={discard}>
              Discard
            </button>
          </div>
        </form>
      ) : source.summary === null ? (
        <p class="muted">No summary yet.</p>
      ) : (
        <>
          <p class="summary-text">{source.summary}</p>
          {newest && (
            <p class="small muted">
              <By entry={newest} />
            </p>
          )}
        </>
      )}
      <ProblemNote problem={problem} again={failed === undefined ? undefined : () => void write(failed)} />
      {past && <History entries={source.summary_history} />}
    </section>
  );
}
