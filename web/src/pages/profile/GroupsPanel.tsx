import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, dataOf } from "../../api/client";
import type { components } from "../../api/schema";
import { may, recallSession } from "../../api/session";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { Table } from "../../parts/Table";
import { Text } from "../../parts/controls";
import { Members } from "./Members";

type Group = components["schemas"]["ListedGroup"];

/** One's groups, and for administrators all groups. */
export function GroupsPanel(): JSX.Element {
  const asked = useAsked("groups", () => dataOf(api.GET("/api/groups", {})) as Promise<components["schemas"]["VisibleGroups"]>);
  const [opened, setOpened] = useState<Group | null>(null);
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const create = (): void => {
    setProblem(null);
    ask("POST", "/api/groups", { body: { name: name.trim() } }).then(() => {
      setName("");
      void asked.again();
      void recallSession();
    }, setProblem);
  };
  return (
    <section class="panel" aria-labelledby="groups">
      <h2 id="groups">Groups</h2>
      {may("Upload data") && (
        <form
          class="row new-group"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            create();
          }}
        >
          <Text label="New group" value={name} set={setName} />
          <button type="submit" class="button">
            Create group
          </button>
        </form>
      )}
      <ProblemNote problem={problem} again={create} />
      <Loaded asked={asked} lines={3}>
        {({ user_groups: own, all_groups: all }) => (
          <Table<Group>
            caption="Groups"
            stacks
            rows={all ?? own}
            rowKey={(group) => group.id}
            columns={[
              { head: "Group", cell: (group) => group.name },
              { head: "Description", cell: (group) => group.description },
              { head: "You", cell: (group) => (own.some(({ id }) => id === group.id) ? "member" : "") },
              {
                head: "",
                label: "Members",
                cell: (group) => (
                  <button type="button" class="button" aria-label={`Members of ${group.name}`} onClick={() => setOpened(group)}>
                    Members
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {opened && <Members group={opened} close={() => setOpened(null)} />}
    </section>
  );
}
