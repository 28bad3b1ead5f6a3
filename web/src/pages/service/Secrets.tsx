import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { Confirm, Dialog } from "../../parts/Dialog";
import { ShownOnce } from "../../parts/ShownOnce";
import type { Service } from "../services/list";
import { Trust } from "./Trust";

interface Properties {
  service: Service;
  admin: boolean;
}

/** Signing of what the service is sent, and for administrators, whether it is handed users' keys. */
export function Secrets({ service, admin }: Properties): JSX.Element {
  const path = { service_id: service.id };
  const [secret, setSecret] = useState<string | null>(null);
  const [asking, setAsking] = useState<"renew" | "forget" | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const renew = async (): Promise<void> => {
    const made = await dataOf(api.POST("/api/analysis_service/{service_id}/signing_secret", { params: { path } }));
    setSecret(String((made as { signing_secret?: unknown }).signing_secret));
  };
  const forgetSecret = async (): Promise<void> => {
    await dataOf(api.DELETE("/api/analysis_service/{service_id}/signing_secret", { params: { path } }));
    setSaid("It is sent unsigned requests from now on.");
  };
  return (
    <section class="panel" aria-labelledby="secrets">
      <h2 id="secrets">Signature and trust</h2>
      <p class="muted">
        With a signing secret every request to the service carries Standard Webhooks headers, by which it knows that the request is ours.
      </p>
      <div class="row">
        <button type="button" class="button" onClick={() => setAsking("renew")}>
          New signing secret
        </button>
        <button type="button" class="button" onClick={() => setAsking("forget")}>
          Stop signing
        </button>
      </div>
      <Trust service={service} admin={admin} />
      <p role="log">{said}</p>
      {asking === "renew" && (
        <Confirm title="Make a new signing secret?" action="Make the secret" onClose={() => setAsking(null)} onConfirm={renew}>
          <p>One that was made before is worthless from then on, and the service must be given the new one.</p>
        </Confirm>
      )}
      {asking === "forget" && (
        <Confirm title="Stop signing?" action="Stop signing" onClose={() => setAsking(null)} onConfirm={forgetSecret}>
          <p>The secret is forgotten; a service that checks signatures will refuse what it is sent.</p>
        </Confirm>
      )}
      {secret && (
        <Dialog title="The signing secret" onClose={() => setSecret(null)}>
          <ShownOnce what="secret" text={secret} />
        </Dialog>
      )}
    </section>
  );
}
