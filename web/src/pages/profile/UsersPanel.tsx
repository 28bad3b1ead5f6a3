import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { useAsked } from "../../live/cache";
import { Dialog } from "../../parts/Dialog";
import { Loaded } from "../../parts/Loaded";
import { ShownOnce } from "../../parts/ShownOnce";
import { Table } from "../../parts/Table";
import { NewToken } from "./NewToken";
import { UserForm } from "./UserForm";

export type User = components["schemas"]["User"];
const PAGE = 50;

/** The people of the site, for those who manage them. */
export function UsersPanel(): JSX.Element {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const [edited, setEdited] = useState<User | "new" | null>(null);
  const [owner, setOwner] = useState<User | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const query = { pageNumber: page, numPerPage: PAGE, includeExpired: "true", ...(search.trim() && { username: search.trim() }) };
  const asked = useAsked(`users/${JSON.stringify(query)}`, () => dataOf(api.GET("/api/user", { params: { query: query as never } })));
  return (
    <section class="panel" aria-labelledby="users">
      <div class="panel-head">
        <h2 id="users">Users</h2>
        <button type="button" class="button" onClick={() => setEdited("new")}>
          New user
        </button>
      </div>
      <input
        class="input"
        type="search"
        aria-label="Search users"
        placeholder="Part of a user's name"
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setPage(1);
        }}
      />
      <Loaded asked={asked} lines={4}>
        {({ users, totalMatches }) => (
          <>
            <Table<User>
              caption="Users"
              stacks
              rows={users}
              rowKey={(user) => user.id}
              empty="Nobody has that in their name."
              columns={[
                { head: "User", cell: (user) => user.username },
                { head: "Name", cell: (user) => [user.first_name, user.last_name].filter(Boolean).join(" ") },
                { head: "Roles", named: true, cell: (user) => user.roles.join(", ") || <span class="muted">none</span> },
                { head: "Account", cell: (user) => (user.expiration_date ? `closes ${user.expiration_date.slice(0, 10)}` : "open") },
                {
                  head: "",
                  label: "Change",
                  cell: (user) => (
                    <span class="row">
                      <button type="button" class="button" aria-label={`Change ${user.username}`} onClick={() => setEdited(user)}>
                        Change
                      </button>
                      <button type="button" class="button" aria-label={`Make a token for ${user.username}`} onClick={() => setOwner(user)}>
                        Make a token
                      </button>
                    </span>
                  ),
                },
              ]}
            />
            {totalMatches > PAGE && (
              <div class="row">
                <button type="button" class="button" disabled={page === 1} onClick={() => setPage(page - 1)}>
                  Before
                </button>
                <span class="muted">
                  {(page - 1) * PAGE + 1} to {Math.min(page * PAGE, totalMatches)} of {totalMatches}
                </span>
                <button type="button" class="button" disabled={page * PAGE >= totalMatches} onClick={() => setPage(page + 1)}>
                  After
                </button>
              </div>
            )}
          </>
        )}
      </Loaded>
      {edited && (
        <UserForm
          user={edited === "new" ? null : edited}
          close={() => setEdited(null)}
          saved={() => {
            setEdited(null);
            void asked.again();
          }}
        />
      )}
      {owner && (
        <Dialog
          title={`A token for ${owner.username}`}
          onClose={() => {
            setOwner(null);
            setToken(null);
          }}
        >
          {token ? <ShownOnce what="token" text={token} /> : <NewToken owner={owner.id} made={setToken} close={() => setOwner(null)} />}
        </Dialog>
      )}
    </section>
  );
}
