/** Whether a query closes what it opens: brackets, quotes, regular expressions. */

const opened = {
  '"': 'A " is not closed',
  "(": 'A "(" is not closed',
  "/": 'A "/" begins a regular expression that is not closed; write \\/ for a slash',
};

/** `{message, position}` of what is left open or closes too much; undefined where all is well. */
export function closingProblem(text) {
  const brackets = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "\\") at += 1;
    else if (sign === "(") brackets.push(at);
    else if (sign === ")") {
      if (brackets.pop() === undefined) return { message: 'A ")" too many', position: at };
    } else if (sign === '"' || (sign === "/" && begins(text, at))) {
      const end = endOf(text, at);
      if (end < 0) return { message: opened[sign], position: at };
      at = end;
    }
  }
  const open = brackets.pop();
  return open === undefined ? undefined : { message: opened["("], position: open };
}

/** A regular expression stands where a word could begin. */
const begins = (text, at) => at === 0 || /[\s(:+!-]/.test(text[at - 1]);

function endOf(text, start) {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[start]) return at;
  }
  return -1;
}
