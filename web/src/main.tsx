import { render } from "preact";
import "./theme/theme.css";
import "./theme/base.css";
import "./parts/parts.css";
import { recallSession } from "./api/session";
import { watchChanges } from "./live/changes";
import { App } from "./shell/App";
import { applyTheme } from "./theme/theme";

applyTheme();
watchChanges();
void recallSession();
const root = document.getElementById("app");
if (root) render(<App />, root);
