// Quarantined: deliveries that were signed, and could not be read.
import { EventsList } from "./events_list";

export default function Quarantined() {
  return <EventsList kind="quarantined" />;
}
