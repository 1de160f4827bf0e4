// Dead letters: events that were set aside.
import { EventsList } from "./events_list";

export default function Dead() {
  return <EventsList kind="dead" />;
}
