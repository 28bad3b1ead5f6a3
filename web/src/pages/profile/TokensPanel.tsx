import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { Confirm } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import { Table } from "../../parts/Table";
import { ShownOnce } from "../../parts/ShownOnce";
import { NewToken } from "./NewToken";

type Token = components["schemas"]["Token"];

/** One's own tokens: made, shown once, revoked. */
export function TokensPanel(): JSX.Element {
  const asked = useAsked("tokens", () => dataOf(api.GET("/api/internal/tokens", {})));
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [revoked, setRevoked] = useState<Token | null>(null);
  const revoke = async (): Promise<void> => {
    if (revoked === null) return;
    await dataOf(api.DELETE("/api/internal/tokens/{token_id}", { params: { path: { token_id: revoked.id } } }));
    await asked.again();
  };
  return (
    <section class="panel" aria-labelledby="tokens">
      <div class="panel-head">
        <h2 id="tokens">Tokens</h2>
        {!making && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setMade(null);
              setMaking(true);
            }}
          >
            New token
          </button>
        )}
      </div>
      {made && (
        <div class="note good" role="status">
          <ShownOnce what="token" text={made} />
        </div>
      )}
      {making && (
        <NewToken
          close={() => setMaking(false)}
          made={(token) => {
            setMade(token);
            setMaking(false);
            void asked.again();
          }}
        />
      )}
      <Loaded asked={asked} lines={3}>
        {(tokens) => (
          <Table<Token>
            caption="Tokens"
            stacks
            rows={tokens}
            rowKey={(token) => token.id}
            empty="There are none."
            columns={[
              { head: "Name", cell: (token) => token.name },
              { head: "Fingerprint", cell: (token) => <code class="nowrap">{token.id}</code> },
              { head: "Rights", wide: true, cell: (token) => token.acls.map((acl) => acl.id).join(", ") || <span class="muted">to look only</span> },
              { head: "Made", named: true, cell: (token) => <Moment at={token.created_at} /> },
              {
                head: "",
                label: "Revoke",
                cell: (token) => (
                  <button type="button" class="button danger" aria-label={`Revoke ${token.name}`} onClick={() => setRevoked(token)}>
                    Revoke
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {revoked && (
        <Confirm title={`Revoke ${revoked.name}?`} action="Revoke token" onClose={() => setRevoked(null)} onConfirm={revoke}>
          <p>Programs and sessions that use it are refused from then on. This cannot be undone.</p>
        </Confirm>
      )}
    </section>
  );
}
