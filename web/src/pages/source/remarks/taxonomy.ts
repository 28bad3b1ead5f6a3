/** The classes of a taxonomy, in the order of its tree. */

export interface Taxonomy {
  id: number;
  name: string;
  hierarchy: unknown;
}

export interface Class {
  name: string;
  taxonomy: string;
  taxonomyId: number;
  depth: number;
}

const MOST = 2000;

/** A node has the name of its class under `class`, and the nodes below it under `subclasses`. */
export function classesOf({ id, name: taxonomy, hierarchy }: Taxonomy): Class[] {
  const found: Class[] = [];
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== "object" || node === null || found.length >= MOST) return;
    const { class: name, subclasses } = node as { class?: unknown; subclasses?: unknown };
    if (typeof name === "string") found.push({ name, taxonomy, taxonomyId: id, depth });
    if (Array.isArray(subclasses)) for (const below of subclasses) visit(below, depth + 1);
  };
  visit(hierarchy, 0);
  return found;
}
