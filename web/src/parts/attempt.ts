import { useRef, useState } from "preact/hooks";

type Action = () => Promise<unknown>;

interface Attempt {
  doing: boolean;
  /** What failed, for `ProblemNote`; null if nothing did. */
  problem: unknown;
  /** Does something, unless something is being done. */
  attempt: (action: Action) => void;
  /** Does again what was done last. */
  again: () => void;
}

/** Does one thing at a time, and knows what failed and how to try it again. */
export function useAttempt(): Attempt {
  const [doing, setDoing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const busy = useRef(false);
  const last = useRef<Action | null>(null);
  const attempt = (action: Action): void => {
    if (busy.current) return;
    busy.current = true;
    last.current = action;
    setDoing(true);
    setProblem(null);
    void action()
      .catch(setProblem)
      .finally(() => {
        busy.current = false;
        setDoing(false);
      });
  };
  return { doing, problem, attempt, again: () => last.current && attempt(last.current) };
}
