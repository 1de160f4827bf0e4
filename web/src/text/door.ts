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
  "out.data": ["DIR is the hub's data directory.", "DIR 은 허브의 데이터 폴더입니다."],
  "claim.title": ["Welcome to Ieum", "이음에 오신 것을 환영합니다"],
  "claim.text": [
    "This hub belongs to nobody yet. Choose a name and a password: you become its owner.",
    "아직 주인이 없는 허브입니다. 이름과 비밀번호를 정하면 주인이 됩니다.",
  ],
  "claim.name": ["Your name", "이름"],
  "claim.go": ["Claim this hub", "이 허브의 주인 되기"],
  "claim.claimed": ["This hub has an owner already.", "이미 주인이 있는 허브입니다."],
  "claim.claimed.text": [
    "Log in with your name and password, or ask an owner to invite you.",
    "이름과 비밀번호로 로그인하거나 소유자에게 초대를 부탁하세요.",
  ],
  "claim.no_token": ["The link is not whole", "링크가 온전하지 않습니다"],
  "claim.no_token.text": [
    "Open the whole link that the hub printed when it started, with all that stands behind #. It is good for 30 minutes; starting the hub again prints a new one.",
    "허브가 켜질 때 알려 준 링크를 # 뒤까지 모두 여세요. 30분 동안 쓸 수 있고, 허브를 다시 켜면 새 링크가 나옵니다.",
  ],
  "invite.title": ["Choose your password", "비밀번호를 정하세요"],
  "invite.text": [
    "The link works once. Afterwards you log in with your name and this password.",
    "링크는 한 번만 쓸 수 있습니다. 다음부터는 이름과 이 비밀번호로 로그인합니다.",
  ],
  "invite.go": ["Enter the console", "콘솔로 들어가기"],
  "invite.no_token": ["The link is not whole", "링크가 온전하지 않습니다"],
  "invite.no_token.text": [
    "Open the whole link that you were sent, with all that stands behind #. If it was used or is too old, ask an owner for a new one.",
    "받은 링크를 # 뒤까지 모두 여세요. 이미 썼거나 오래되었다면 소유자에게 새 링크를 부탁하세요.",
  ],
  "login.title": ["Log in", "로그인"],
  "login.name": ["Name", "이름"],
  "login.password": ["Password", "비밀번호"],
  "login.go": ["Log in", "로그인"],
  "login.working": ["One moment…", "잠시만요…"],
  "login.other": ["No password, or forgotten?", "비밀번호가 없거나 잊었나요?"],
  "login.forgotten": [
    "An owner can make you a new password link. On the machine where the hub runs, this prints a link that logs you in:",
    "소유자가 새 비밀번호 링크를 만들어 줄 수 있습니다. 허브가 실행되는 컴퓨터에서는 이 명령이 로그인 링크를 알려 줍니다.",
  ],
  "login.unclaimed": [
    "This hub belongs to nobody yet. Open the link that it printed when it started (…/claim#…), or get a login link on its machine:",
    "아직 주인이 없는 허브입니다. 켜질 때 알려 준 링크(…/claim#…)를 열거나, 그 컴퓨터에서 로그인 링크를 받으세요.",
  ],
  "password.new": ["Password", "비밀번호"],
  "password.show": ["Show", "보기"],
  "password.hide": ["Hide", "가리기"],
  "password.help": [
    "At least {least} characters. A few words that belong to nobody else are best.",
    "{least}자 이상. 자신만 아는 낱말 몇 개를 잇는 것이 가장 좋습니다.",
  ],
  "weak.short": ["{lacks} characters to go.", "{lacks}자 더 필요합니다."],
  "weak.common": [
    "Guessers try this one first. Choose something else.",
    "가장 먼저 시도되는 비밀번호입니다. 다른 것으로 정하세요.",
  ],
  "weak.digits": [
    "Digits and signs alone are tried first. Add words.",
    "숫자와 기호만으로는 금방 알아냅니다. 낱말을 더하세요.",
  ],
  "weak.name": [
    "It is mostly your name. Add something that nobody would guess.",
    "거의 이름 그대로입니다. 남이 모를 것을 더하세요.",
  ],
  "weak.row": [
    "It is a row of keys or letters. Break it up.",
    "자판이나 글자를 차례로 이은 것입니다. 다르게 바꾸세요.",
  ],
  "weak.same": ["It repeats itself. Use more different characters.", "같은 글자가 되풀이됩니다. 더 다양하게 쓰세요."],
  "weak.words": ["It will do. One word more makes it strong.", "쓸 수 있습니다. 한 낱말을 더하면 안전해집니다."],
  "level.2": ["Good.", "좋습니다."],
  "level.3": ["Strong.", "안전합니다."],
});
