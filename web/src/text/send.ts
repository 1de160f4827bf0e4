// The form for a test event.
import { words } from "./words";

export const send = words({
  "send.title": ["Send a test event", "시험 이벤트 보내기"],
  "send.text": [
    "The hub treats it as if the app had sent it. Its recipes run for real, and may message real people.",
    "앱이 직접 보낸 것처럼 처리합니다. 레시피가 실제로 실행되어 사람에게 메시지가 갈 수 있습니다.",
  ],
  "send.connection": ["Connection", "연결"],
  "send.topic": ["Topic", "토픽"],
  "send.sample": ["Sample", "샘플"],
  "send.data": ["Data (JSON)", "데이터 (JSON)"],
  "send.go": ["Send", "보내기"],
  "send.sending": ["Sending…", "보내는 중…"],
  "send.sent": ["Accepted. Receipt {receipt}", "받았습니다. 접수 번호 {receipt}"],
  "send.no_connection": [
    "There is no connection yet. Add one: {command}",
    "아직 연결이 없습니다. 먼저 추가하세요: {command}",
  ],
  "send.bad_json": ["The data is no JSON object. Mend it: {why}", "데이터가 JSON 객체가 아닙니다. 고쳐 주세요: {why}"],
});
