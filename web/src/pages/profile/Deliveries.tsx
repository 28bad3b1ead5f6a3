import type { JSX } from "preact";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { may } from "../../api/session";
import { useAsked } from "../../live/cache";
import { useAttempt } from "../../parts/attempt";
import { Dialog } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { Table } from "../../parts/Table";
import type { Subscription } from "./EventsPanel";

type Delivery = components["schemas"]["Delivery"];

/** What was sent to a subscriber in the last two weeks, and what it answered. */
export function Deliveries({ subscription, close }: { subscription: Subscription; close: () => void }): JSX.Element {
  const path = { subscription_id: subscription.id };
  const asked = useAsked(`deliveries ${subscription.id}`, () =>
    dataOf(api.GET("/api/event_subscriptions/{subscription_id}/deliveries", { params: { path } })),
  );
  const { problem, attempt, again } = useAttempt();
  const changes = may("Run Analyses") && subscription.state === "active";
  const then = (action: () => Promise<unknown>): void => attempt(() => action().then(() => asked.again()));
  const redeliver = (one: Delivery): void =>
    then(() =>
      dataOf(
        api.POST("/api/event_subscriptions/{subscription_id}/deliveries/{number}/redeliver", {
          params: { path: { ...path, number: one.number } },
        }),
      ),
    );
  const test = (): void => then(() => dataOf(api.POST("/api/event_subscriptions/{subscription_id}/test", { params: { path } })));
  return (
    <Dialog title="Deliveries" onClose={close} large>
      <div class="stack">
        <p class="event-url">{subscription.url}</p>
        <ProblemNote problem={problem} again={again} />
        <Loaded asked={asked} lines={4}>
          {(deliveries) => (
            <Table<Delivery>
              caption="Deliveries"
              stacks
              rows={deliveries}
              rowKey={(one) => one.number}
              empty="Nothing was sent yet."
              columns={[
                { head: "Event", cell: (one) => <span class="nowrap">{one.type}</span> },
                { head: "Happened", cell: (one) => <Moment at={one.timestamp} /> },
                { head: "State", cell: (one) => one.state },
                { head: "Answer", cell: (one) => <Answer delivery={one} /> },
                {
                  head: "",
                  label: "Send again",
                  cell: (one) =>
                    changes && (
                      <button type="button" class="button" aria-label={`Send ${one.webhook_id} again`} onClick={() => redeliver(one)}>
                        Send again
                      </button>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={() => void asked.again()}>
          Look again
        </button>
        {changes && (
          <button type="button" class="button" onClick={test}>
            Send a test
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Answer({ delivery }: { delivery: Delivery }): JSX.Element {
  const last = delivery.attempts.at(-1);
  if (!last) return <span class="muted">none yet</span>;
  return (
    <>
      {last.http_status !== null && <code>{last.http_status}</code>} {last.text}{" "}
      <span class="small muted nowrap">
        {last.milliseconds} ms
        {delivery.next_try && (
          <>
            , next try <Moment at={delivery.next_try} />
          </>
        )}
      </span>
    </>
  );
}
