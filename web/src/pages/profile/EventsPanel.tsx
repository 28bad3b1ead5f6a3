import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { may } from "../../api/session";
import { useAsked } from "../../live/cache";
import { useAttempt } from "../../parts/attempt";
import { Confirm } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { ShownOnce } from "../../parts/ShownOnce";
import { Table } from "../../parts/Table";
import { Deliveries } from "./Deliveries";
import { NewSubscription } from "./NewSubscription";

export type Subscription = components["schemas"]["Subscription"];

/** What else could be changed. */
const NOTHING = { url: null, events: null, group_ids: null, form: null };

/** Where programs and people are told of what happens: made, tested, paused, and what became of each event. */
export function EventsPanel(): JSX.Element {
  const asked = useAsked("event subscriptions", () => dataOf(api.GET("/api/event_subscriptions", {})));
  const changes = may("Run Analyses");
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [shown, setShown] = useState<Subscription | null>(null);
  const [removed, setRemoved] = useState<Subscription | null>(null);
  const { problem, attempt, again } = useAttempt();
  const path = (one: Subscription) => ({ params: { path: { subscription_id: one.id } } });
  const then = (action: () => Promise<unknown>): void => attempt(() => action().then(() => asked.again()));
  const set = (one: Subscription, state: "active" | "paused"): void =>
    then(() => dataOf(api.PATCH("/api/event_subscriptions/{subscription_id}", { ...path(one), body: { ...NOTHING, state } })));
  const renew = (one: Subscription): void =>
    then(() => dataOf(api.POST("/api/event_subscriptions/{subscription_id}/secret", path(one))).then((made) => setSecret(made.secret)));
  return (
    <section class="panel" aria-labelledby="event-subscriptions">
      <div class="panel-head">
        <h2 id="event-subscriptions">Event subscriptions</h2>
        {changes && !making && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setSecret(null);
              setMaking(true);
            }}
          >
            New subscription
          </button>
        )}
      </div>
      {secret && (
        <div class="note good" role="status">
          <ShownOnce what="secret" text={secret} />
        </div>
      )}
      {making && (
        <NewSubscription
          close={() => setMaking(false)}
          made={(text) => {
            setSecret(text);
            setMaking(false);
            void asked.again();
          }}
        />
      )}
      <ProblemNote problem={problem} again={again} />
      <Loaded asked={asked} lines={3}>
        {(subscriptions) => (
          <Table<Subscription>
            caption="Event subscriptions"
            stacks
            rows={subscriptions}
            rowKey={(one) => one.id}
            empty="Nobody is told of your analyses. A subscription tells a program, or a channel in Slack or Mattermost."
            columns={[
              { head: "URL", wide: true, cell: (one) => <span class="event-url">{one.url}</span> },
              { head: "Events", wide: true, cell: (one) => one.events.join(", ") },
              { head: "State", cell: (one) => <StateOf subscription={one} /> },
              { head: "Last taken", named: true, cell: (one) => (one.last_delivered ? <Moment at={one.last_delivered} /> : <span class="muted">never</span>) },
              {
                head: "",
                label: "What can be done",
                cell: (one) => (
                  <div class="row">
                    <button type="button" class="button" aria-label={`Deliveries to ${one.url}`} onClick={() => setShown(one)}>
                      Deliveries
                    </button>
                    {changes && (
                      <>
                        <button
                          type="button"
                          class="button"
                          aria-label={`${one.state === "active" ? "Pause" : "Resume"} ${one.url}`}
                          onClick={() => set(one, one.state === "active" ? "paused" : "active")}
                        >
                          {one.state === "active" ? "Pause" : "Resume"}
                        </button>
                        <button type="button" class="button" aria-label={`New secret for ${one.url}`} onClick={() => renew(one)}>
                          New secret
                        </button>
                        <button type="button" class="button danger" aria-label={`Delete ${one.url}`} onClick={() => setRemoved(one)}>
                          Delete
                        </button>
                      </>
                    )}
                  </div>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {shown && (
        <Deliveries
          subscription={shown}
          close={() => {
            setShown(null);
            void asked.again();
          }}
        />
      )}
      {removed && (
        <Confirm
          title="Delete this subscription?"
          action="Delete subscription"
          onClose={() => setRemoved(null)}
          onConfirm={async () => {
            await dataOf(api.DELETE("/api/event_subscriptions/{subscription_id}", path(removed)));
            await asked.again();
          }}
        >
          <p class="event-url">{removed.url}</p>
          <p>Nothing more is sent there, and what was sent is forgotten.</p>
        </Confirm>
      )}
    </section>
  );
}

function StateOf({ subscription }: { subscription: Subscription }): JSX.Element {
  if (subscription.state === "active") return <>active</>;
  return (
    <>
      <strong>paused</strong> <span class="small muted">{subscription.reason}</span>
    </>
  );
}
