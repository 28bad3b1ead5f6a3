import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { apiUrl } from "../../../api/base";
import { ask } from "../../../api/client";
import { may } from "../../../api/session";
import { base64Of } from "../../../form/base64";
import { dateTime } from "../../../formats";
import { useAsked } from "../../../live/cache";
import { Confirm } from "../../../parts/Dialog";
import { useDraft } from "../../../parts/draft";
import { Field } from "../../../parts/Field";
import { Loaded } from "../../../parts/Loaded";
import { ProblemNote } from "../../../parts/Problem";
import { type Person, sourcePath } from "../queries";
import { isOwn } from "./Classifications";

interface Comment {
  id: number;
  text: string;
  bot: boolean;
  origin: string | null;
  attachment_name: string | null;
  author_id: number;
  author: Person | null;
  created_at: string;
}

/** What people and programs said about a source, with files. */
export function Comments({ id }: { id: string }): JSX.Element {
  const path = `${sourcePath(id)}/comments`;
  const asked = useAsked(`comments/${id}`, () => ask<Comment[]>("GET", path));
  const [gone, setGone] = useState<Comment | null>(null);
  return (
    <section class="panel" aria-labelledby="comments">
      <h2 id="comments">Comments</h2>
      <Loaded asked={asked} lines={3}>
        {(comments) => (
          <>
            {comments.length === 0 && <p class="muted">No comment yet.</p>}
            <ul class="remarks">
              {comments.map((one) => (
                <li key={one.id}>
                  <div class="row small muted">
                    <strong>{one.author?.username ?? `user ${one.author_id}`}</strong>
                    <span>{dateTime(one.created_at)} UTC</span>
                    {one.origin && <span>{one.origin}</span>}
                    {isOwn(one.author_id) && (
                      <button
                        type="button"
                        class="button quiet push"
                        aria-label={`Delete comment of ${dateTime(one.created_at)}`}
                        onClick={() => setGone(one)}
                      >
                        Delete
                      </button>
                    )}
                  </div>
                  <p class="comment-text">{one.text}</p>
                  {one.attachment_name && (
                    <a href={apiUrl(`${path}/${one.id}/attachment`)} download={one.attachment_name}>
                      {one.attachment_name}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {may("Comment") && <NewComment id={id} path={path} onPosted={() => void asked.again()} />}
      {gone && (
        <Confirm
          title="Delete this comment?"
          action="Delete comment"
          onClose={() => setGone(null)}
          onConfirm={async () => {
            await ask("DELETE", `${path}/${gone.id}`);
            await asked.again();
          }}
        >
          <p class="comment-text">{gone.text}</p>
        </Confirm>
      )}
    </section>
  );
}

function NewComment({ id, path, onPosted }: { id: string; path: string; onPosted: () => void }): JSX.Element {
  const [text, setText, forgetText] = useDraft(`comment/${id}`, "");
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const post = async (): Promise<void> => {
    if (text.trim() === "" || sending) return;
    setSending(true);
    setProblem(null);
    try {
      const attached = file.current?.files?.[0];
      const attachment = attached && { name: attached.name, body: await base64Of(attached) };
      await ask("POST", path, { body: { text, ...(attachment && { attachment }) } });
      setText("");
      forgetText();
      if (file.current) file.current.value = "";
      onPosted();
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      class="stack no-print"
      onSubmit={(event) => {
        event.preventDefault();
        void post();
      }}
    >
      <Field label="Comment">
        {(control) => <textarea class="input" {...control} rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />}
      </Field>
      <ProblemNote problem={problem} again={() => void post()} />
      <div class="row">
        <button type="submit" class="button" aria-disabled={sending}>
          Post comment
        </button>
        <label class="check attach">
          <span class="small muted">Attach a file</span>
          <input ref={file} type="file" />
        </label>
      </div>
    </form>
  );
}
