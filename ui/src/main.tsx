import { render } from "preact";
import { App } from "./app/App";
import { startRouter } from "./app/router";
import { applyLook, loadSettings } from "./app/state";
import "./design/tokens.css";
import "./design/base.css";
import "./design/shell.css";

applyLook();
startRouter();
void loadSettings();
const root = document.getElementById("app");
if (root) render(<App />, root);
