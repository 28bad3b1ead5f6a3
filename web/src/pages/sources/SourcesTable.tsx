import type { JSX } from "preact";
import { to } from "../../api/base";
import type { Asked } from "../../live/cache";
import { may } from "../../api/session";
import { Table } from "../../parts/Table";
import { degreesOf, hoursOf } from "../../sky/coordinates";
import { significant } from "../../sky/numbers";
import { Glances } from "./Glances";
import type { Glance, ListedSource } from "./queries";

interface Properties {
  sources: ListedSource[];
  glance: Asked<Record<string, Glance[]>>;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
}

/** Sources with the newest analyses of each. */
export function SourcesTable({ sources, glance, selected, onSelect }: Properties): JSX.Element {
  const all = sources.length > 0 && sources.every(({ id }) => selected.has(id));
  const toggled = (id: string, on: boolean) => new Set(on ? [...selected, id] : [...selected].filter((one) => one !== id));
  const choice = {
    head: (
      <input
        type="checkbox"
        aria-label="Select all"
        checked={all}
        onChange={(event) => onSelect(new Set(event.currentTarget.checked ? sources.map(({ id }) => id) : []))}
      />
    ),
    label: "Selected",
    cell: ({ id }: ListedSource) => (
      <input
        type="checkbox"
        aria-label={`Select ${id}`}
        checked={selected.has(id)}
        onChange={(event) => onSelect(toggled(id, event.currentTarget.checked))}
      />
    ),
  };
  return (
    <Table
      caption="Sources"
      stacks
      rows={sources}
      rowKey={({ id }) => id}
      empty="None on this page."
      columns={[
        ...(may("Run Analyses") ? [choice] : []),
        {
          head: "Source",
          cell: ({ id }) => (
            <a class="source-link" href={to("sources", id)}>
              {id}
            </a>
          ),
        },
        {
          head: "RA, Dec",
          cell: ({ ra, dec }) => (
            <span class="mono nowrap">
              {hoursOf(ra)} {degreesOf(dec)}
            </span>
          ),
        },
        { head: "z", number: true, named: true, cell: ({ redshift }) => significant(redshift, 4) },
        {
          head: "Class",
          named: true,
          cell: ({ classifications }) =>
            [...new Set(classifications.map(({ classification }) => classification))].slice(0, 3).join(", ") || (
              <span class="muted">–</span>
            ),
        },
        { head: "Newest analyses", wide: true, cell: ({ id }) => <Glances glances={glance.data && (glance.data[id] ?? [])} asking={glance.asking} /> },
        { head: "Groups", wide: true, cell: ({ groups }) => <span class="muted groups">{groups.map(({ name }) => name).join(", ")}</span> },
      ]}
    />
  );
}
