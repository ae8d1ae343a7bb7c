import { render } from "preact";
import { startHeartbeat } from "./api/client";
import { App } from "./app/App";
import { startRouter } from "./app/router";
import { applyLook, loadSettings } from "./app/state";
import { startPressGuard } from "./app/twice";
import { loadTexts } from "./text/whole";
import "./design/tokens.css";
import "./design/base.css";
import "./design/shell.css";

applyLook();
startPressGuard();
startRouter();
void loadTexts();
void loadSettings();
startHeartbeat();
const root = document.getElementById("app");
if (root) render(<App />, root);
