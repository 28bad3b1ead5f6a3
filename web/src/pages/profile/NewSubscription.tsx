import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { ProblemNote } from "../../parts/Problem";
import { Check, Text } from "../service/form/controls";

type Wanted = components["schemas"]["NewSubscription"]["events"][number];

const KINDS: Wanted[] = [
  "analysis.completed",
  "analysis.failed",
  "analysis.timed_out",
  "analysis.cancelled",
  "batch.finished",
  "service.paused",
  "service.resumed",
];

interface Properties {
  made: (secret: string) => void;
  close: () => void;
}

/** Subscribes to events of all of one's groups. */
export function NewSubscription({ made, close }: Properties): JSX.Element {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<Wanted[]>(["analysis.completed", "analysis.failed"]);
  const [people, setPeople] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const create = (): void => {
    setProblem(null);
    const body = { url: url.trim(), events, group_ids: null, form: people ? ("slack" as const) : ("json" as const) };
    dataOf(api.POST("/api/event_subscriptions", { body })).then(({ secret }) => made(secret), setProblem);
  };
  return (
    <form
      class="stack note"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <div class="fields">
        <Text label="URL" hint="Where events are posted, signed as Standard Webhooks say" required value={url} set={setUrl} />
      </div>
      <fieldset>
        <legend class="small muted">Events, of all of your groups</legend>
        <div class="checks">
          {KINDS.map((kind) => (
            <Check
              key={kind}
              label={kind}
              on={events.includes(kind)}
              set={(on) => setEvents(on ? [...events, kind] : events.filter((other) => other !== kind))}
            />
          ))}
        </div>
      </fieldset>
      <Check label="As a text for people, in Slack or Mattermost" on={people} set={setPeople} />
      <ProblemNote problem={problem} />
      <div class="row">
        <button type="submit" class="button primary">
          Subscribe
        </button>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </form>
  );
}
