import type { ComponentChildren, JSX } from "preact";
import type { Asked } from "../live/cache";
import { ProblemNote } from "./Problem";
import { Skeleton } from "./Skeleton";

interface Properties<T> {
  asked: Asked<T>;
  lines?: number;
  tall?: boolean;
  children: (data: T) => ComponentChildren;
}

/** Shows what was asked for: a skeleton before, a sentence if it failed, the last answer while it is asked for again. */
export function Loaded<T>({ asked, lines, tall, children }: Properties<T>): JSX.Element {
  return (
    <>
      {asked.problem && <ProblemNote problem={asked.problem} again={() => void asked.again()} />}
      {asked.data !== undefined ? children(asked.data) : asked.asking && <Skeleton {...(lines && { lines })} {...(tall && { tall })} />}
    </>
  );
}
