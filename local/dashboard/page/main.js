import { render } from "/vendor/preact.js";
import { App } from "./app.js";
import { html } from "./markup.js";

const root = document.getElementById("app");
root.replaceChildren();
render(html`<${App} />`, root);
