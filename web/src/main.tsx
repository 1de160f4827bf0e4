import { createRoot } from "react-dom/client";
import { App } from "./app";
import { Broken } from "./broken";
import { takeCode } from "./doors";
import { firstChoices, wear } from "./surroundings";
import "./tokens.css";
import "./base.css";
import "./app.css";
import "./panel.css";

const code = takeCode(location, history);
const choices = firstChoices();
wear(choices);
const place = document.getElementById("console");
if (place) {
  createRoot(place).render(
    <Broken>
      <App code={code} first={choices} />
    </Broken>,
  );
}
