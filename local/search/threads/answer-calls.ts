/** The thread's side of calls into a worker thread; it loads nothing that only starts threads. */
import { parentPort } from "node:worker_threads";
import { QueryError, type QueryProblem } from "../../rooms";

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code?: string; readonly problem?: QueryProblem };
}

/** Answers the calls that come in with the function of their name. */
export function answerCalls(methods: Readonly<Record<string, (argument: never) => unknown>>): void {
  parentPort?.on("message", ({ id, method, argument }: Call) => {
    let answer: Answer;
    try {
      answer = { id, value: (methods[method] as (argument: unknown) => unknown)(argument) };
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      const problem = error instanceof QueryError ? error.problem : undefined;
      answer = { id, error: { message, ...(code && { code }), ...(problem && { problem }) } };
    }
    parentPort?.postMessage(answer);
  });
}
