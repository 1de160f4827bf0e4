import { createRoot } from "react-dom/client";
import { App } from "./app";
import { Broken } from "./broken";
import { takeCode } from "./doors";
import { firstChoices, keep } from "./surroundings";
import "./tokens.css";
import "./app.css";
import "./panel.css";

const code = takeCode(location, history);
const choices = firstChoices();
keep(choices);
const place = document.getElementById("console");
if (place) {
  createRoot(place).render(
    <Broken>
      <App code={code} first={choices} />
    </Broken>,
  );
}
