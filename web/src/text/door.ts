// The ways in.
import { words } from "./words";

export const door = words({
  "enter.title": ["Logging in…", "로그인하는 중…"],
  "enter.refused": ["This link does not work", "이 링크는 쓸 수 없습니다"],
  "enter.refused.text": [
    "A login link works once and for five minutes. Get a new one:",
    "로그인 링크는 5분 안에 한 번만 쓸 수 있습니다. 새 링크를 받으세요.",
  ],
  "enter.unanswered": ["The hub did not answer", "허브가 응답하지 않았습니다"],
  "enter.unanswered.text": [
    "Is it running? Start it, then open the link again; it has not been used up.",
    "실행 중인지 확인하고 시작한 뒤 링크를 다시 여세요. 링크는 아직 쓰이지 않았습니다.",
  ],
  "out.title": ["You are not logged in", "로그인이 필요합니다"],
  "out.text": [
    "On the machine where the hub runs, this prints a link that logs you in:",
    "허브가 실행되는 컴퓨터에서 아래 명령을 실행하면 로그인 링크가 나옵니다.",
  ],
  "out.data": ["DIR is the hub's data directory.", "DIR 은 허브의 데이터 폴더입니다."],
  "out.left": ["You have logged out.", "로그아웃했습니다."],
});
