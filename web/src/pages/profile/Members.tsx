import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, dataOf } from "../../api/client";
import { session } from "../../api/session";
import { useAsked } from "../../live/cache";
import { useAttempt } from "../../parts/attempt";
import { Dialog } from "../../parts/Dialog";
import { Field } from "../../parts/Field";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { Table } from "../../parts/Table";

interface Properties {
  group: { id: number; name: string };
  close: () => void;
}

interface Member {
  id: number;
  username: string;
  admin: boolean;
}

/** Who is in a group; its administrators add and remove people. */
export function Members({ group, close }: Properties): JSX.Element {
  const asked = useAsked(`group/${group.id}`, () => dataOf(api.GET("/api/groups/{group_id}", { params: { path: { group_id: group.id } } })));
  const { problem, attempt, again } = useAttempt();
  const members = (asked.data?.users ?? []) as Member[];
  const me = session.value;
  const manages = me?.is_admin || members.some((member) => member.id === me?.user.id && member.admin);
  const change = (method: "POST" | "DELETE", path: string, body?: Record<string, unknown>): void =>
    attempt(() => ask(method, path, body && { body }).then(() => asked.again()));
  const path = `/api/groups/${group.id}/users`;
  return (
    <Dialog title={`Members of ${group.name}`} onClose={close}>
      <div class="stack">
        <Loaded asked={asked} lines={4}>
          {() => (
            <Table<Member>
              caption="Members"
              rows={members}
              rowKey={(member) => member.id}
              columns={[
                { head: "User", cell: (member) => member.username },
                { head: "", label: "Role", cell: (member) => (member.admin ? "administers it" : "") },
                {
                  head: "",
                  label: "Remove",
                  cell: (member) =>
                    manages && (
                      <button type="button" class="button danger" aria-label={`Remove ${member.username}`} onClick={() => change("DELETE", `${path}/${member.id}`)}>
                        Remove
                      </button>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
        {manages && <Add known={members} add={(userID) => change("POST", path, { userID, admin: false })} />}
        <ProblemNote problem={problem} again={again} />
      </div>
    </Dialog>
  );
}

function Add({ known, add }: { known: Member[]; add: (id: number) => void }): JSX.Element {
  const users = useAsked("users/all", () => dataOf(api.GET("/api/user", { params: { query: { numPerPage: 500 } as never } })));
  const others = (users.data?.users ?? []).filter((user) => !known.some((member) => member.id === user.id));
  const [chosen, setChosen] = useState("");
  return (
    <form
      class="row new-group"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) add(Number(chosen));
        setChosen("");
      }}
    >
      <Field label="Somebody new">
        {(control) => (
          <select {...control} class="input" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">Choose</option>
            {others.map((user) => (
              <option key={user.id} value={String(user.id)}>
                {user.username}
              </option>
            ))}
          </select>
        )}
      </Field>
      <button type="submit" class="button">
        Add member
      </button>
    </form>
  );
}
