// Paste into the sheet: Extensions > Apps Script. Then add an installable trigger (the clock icon):
// function hubSend, event source "From spreadsheet", event type "On form submit" or "On edit". Simple triggers may not call out.
// Signed as UTF-8: without the charset Korean text signs differently, and the hub refuses it.
const URL_ = '{hook_url}', SECRET = '{secret}';
function hubSend(e) {
  const b = JSON.stringify({id: Utilities.getUuid(), sheet: e.range.getSheet().getName(), row: e.range.getRow(),
    values: e.values || e.range.getValues()[0], named: e.namedValues || null});
  const t = String(Math.floor(Date.now() / 1000));
  const sig = Utilities.computeHmacSha256Signature('v1:' + t + ':' + b, SECRET, Utilities.Charset.UTF_8)
    .map(x => ('0' + (x & 255).toString(16)).slice(-2)).join('');
  UrlFetchApp.fetch(URL_, {method: 'post', contentType: 'application/json', payload: b, muteHttpExceptions: true,
    headers: {'X-Hub-Timestamp': t, 'X-Hub-Signature': 'v1=' + sig}});
}
