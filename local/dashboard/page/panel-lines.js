/** Panels as the settings of a stack and the argument of a component have them. */

const textOf = ({ title, query }) => (query === "" ? title : `${title} = ${query}`);

/** One list in place of another: what it had more than this one would stay. */
export const commandsOf = (panels) =>
  [
    "npx pulumi config rm panels",
    ...panels.map(
      (panel, place) => `npx pulumi config set --path 'panels[${place}]' ${quoted(textOf(panel))}`,
    ),
  ].join("\n");

export const argumentOf = (panels) => `panels: ${JSON.stringify(panels.map(textOf))}`;

/** For a shell. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
