import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { Check, Checks, named, Text } from "../../parts/controls";
import { Form } from "../../parts/Form";

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
  const create = async (): Promise<void> => {
    const body = { url: url.trim(), events, group_ids: null, form: people ? ("slack" as const) : ("json" as const) };
    made((await dataOf(api.POST("/api/event_subscriptions", { body }))).secret);
  };
  return (
    <Form action="Subscribe" send={create} leave={["Close", close]}>
      <div class="fields">
        <Text label="URL" hint="Where events are posted, signed as Standard Webhooks say" required value={url} set={setUrl} />
      </div>
      <Checks small legend="Events, of all of your groups" options={named(KINDS)} chosen={events} choose={setEvents} />
      <Check label="As a text for people, in Slack or Mattermost" on={people} set={setPeople} />
    </Form>
  );
}
