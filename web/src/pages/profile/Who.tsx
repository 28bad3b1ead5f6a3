import type { JSX } from "preact";
import { session } from "../../api/session";
import { Moment } from "../../parts/Moment";

/** Who is signed in, and what this session may do. */
export function Who(): JSX.Element | null {
  const who = session.value;
  if (!who) return null;
  const name = [who.user.first_name, who.user.last_name].filter(Boolean).join(" ");
  return (
    <section class="panel" aria-labelledby="who">
      <h2 id="who">You</h2>
      <dl class="facts">
        <dt>User</dt>
        <dd>
          {who.user.username}
          {name && <span class="muted"> {name}</span>}
        </dd>
        <dt>Groups</dt>
        <dd>{who.groups.map((group) => group.name).join(", ") || "none"}</dd>
        <dt>Permissions</dt>
        <dd>
          {who.permissions.length === 0
            ? "none: you can look at everything of your groups, and change nothing"
            : [...who.permissions].sort().join(", ")}
        </dd>
        {who.expires_at && (
          <>
            <dt>Signed in until</dt>
            <dd>
              <Moment at={who.expires_at} full /> UTC
            </dd>
          </>
        )}
      </dl>
      <p class="small muted">The permissions are those of the token with which you signed in.</p>
    </section>
  );
}
