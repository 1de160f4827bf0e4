// The start: takes a secret out of the address, puts on language and theme, and draws the console.
import { createRoot } from "react-dom/client";
import { App } from "./shell/app";
import { Broken } from "./shell/broken";
import { firstChoices, wear } from "./shell/choices";
import { takeSecret } from "./shell/routes";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/overlays.css";
import "./ui/parts.css";
import "./ui/pages.css";
import "./shell/shell.css";

const secret = takeSecret(location, history);
const choices = firstChoices();
wear(choices);
const place = document.getElementById("console");
if (place) {
  createRoot(place).render(
    <Broken>
      <App secret={secret} first={choices} />
    </Broken>,
  );
}
