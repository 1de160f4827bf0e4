// Problems: failures gathered by their cause.
import { words } from "./words";

export const problems = words({
  title: ["Problems", "문제"],
  lead: [
    "Failures of one cause are one problem. Resolve it when the cause is mended; it opens again by itself when it comes back.",
    "까닭이 같은 실패를 하나로 모읍니다. 고친 뒤 해결로 표시하세요. 다시 생기면 저절로 다시 열립니다.",
  ],
  "tab.open": ["Open", "열림"],
  "tab.resolved": ["Resolved", "해결됨"],
  tabs: ["State of the problems", "문제의 상태"],
  cause: ["Cause", "까닭"],
  where: ["Where", "어디서"],
  seen: ["Seen", "횟수"],
  "seen.since": ["{count} since it opened", "열린 뒤 {count}번"],
  "seen.all": ["{count} in all", "모두 {count}번"],
  last: ["Last", "마지막"],
  first: ["first {time}", "처음 {time}"],
  reopened: ["came back {count}×", "{count}번 다시 생김"],
  "resolved.by": ["resolved {time}", "해결 {time}"],
  runs: ["Runs", "실행"],
  "runs.all": ["Its runs", "이 문제의 실행"],
  "runs.last": ["run {id}", "실행 {id}번"],
  resolve: ["Resolve", "해결"],
  reopen: ["Reopen", "다시 열기"],
  replay: ["Replay its runs", "실행 다시 하기"],
  deeds: ["Deeds", "할 일"],
  "resolved.toast": ["Resolved. It opens again when it comes back.", "해결로 표시했습니다. 다시 생기면 다시 열립니다."],
  "reopened.toast": ["Open again.", "다시 열었습니다."],
  filter: ["Only of {recipe}", "{recipe} 것만"],
  "empty.open": ["No open problem", "열린 문제가 없습니다"],
  "empty.open.text": [
    "When a step fails for good, its cause appears here once, however many runs it stops, with the runs behind it to repair.",
    "단계가 끝내 실패하면 그 까닭이 여기에 한 번 나타납니다. 몇 건이 멈췄든 하나로 모이고, 그 실행들을 여기서 고칩니다.",
  ],
  "empty.resolved": ["Nothing resolved yet", "아직 해결한 문제가 없습니다"],
  "empty.resolved.text": ["Problems that were marked as resolved stay here.", "해결로 표시한 문제가 여기에 남습니다."],
});
