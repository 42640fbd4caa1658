/** Which lines go on with the record before them: those of stack traces, or all that do not begin one. */

/** Says of each line, in their order, whether it belongs to the record that is open. */
export type Continues = (line: string) => boolean;

/** Records begin at lines that match. */
export const beginningWith =
  (pattern: RegExp): Continues =>
  (line) =>
    !pattern.test(line);

const indented = /^[ \t]/;
const blank = /^\s*$/;
/** `java.lang.IllegalStateException: no`, `ValueError: no`, `Error: no`. */
const exception = /^(?:[\w$]+\.)*[\w$]*(?:Exception|Error|Throwable|Interrupt|Exit)(?::|$)/;
const further =
  /^(?:Caused by:|Suppressed:|\.\.\. \d+ |Traceback \(most recent call last\):|During handling of the above exception|The above exception was the direct cause|\[signal )/;
const traceback = /^(?:[\w.]+ )*Traceback \(most recent call last\):|^\s+\+ Exception Group Traceback/;
const goroutine = /^goroutine \d+ \[/;
const goFrame = /^(?:[\w./*$()[\]{}-]+\(.*\)$|created by |exit status )/;

/** Stack traces of Java, Python, JavaScript, .NET and Go, behind the line of a log or by themselves. */
export function stackTraces(): Continues {
  let lines = 0;
  let isException = false;
  let inTraceback = false;
  let inGo = false;
  const begin = (line: string): boolean => {
    lines = 1;
    isException = exception.test(line);
    inTraceback = traceback.test(line);
    inGo = goroutine.test(line);
    return false;
  };
  return (line) => {
    if (lines === 0) return blank.test(line) ? false : begin(line);
    const ends = inTraceback && !indented.test(line) && !blank.test(line) && !further.test(line);
    // What was thrown stands behind a line of the log, and at the end of Python's traces.
    const isThrown = exception.test(line) && lines === 1 && !isException;
    const goes =
      indented.test(line) || further.test(line) || goroutine.test(line) || (inGo && goFrame.test(line));
    if (!blank.test(line) && !goes && !ends && !isThrown) return begin(line);
    inTraceback = (inTraceback && !ends) || traceback.test(line);
    inGo ||= goroutine.test(line);
    if (!blank.test(line)) lines++;
    return true;
  };
}
