/* The connector ABI: what a module exports and what the host gives it. C, no dependencies, stable within one abi number.
 *
 * A module is a pure function. It does no I/O, reads no clock, keeps no state between calls, starts no thread; the host
 * does all of that and hands the results in. step() may be called from any thread, from several at once.
 * No memory and no exception crosses the border: what is passed in lives until step() returns, what the module answers
 * is copied by the sink before effect() returns. Structs carry their size, so that fields can be added at the end.
 *
 * Call envelope (JSON object), phase by phase:
 *   {"phase":"begin","operation":"message.post","inputs":{..},"connection":{..},"now_ms":N,"step_key":"hex"}
 *   {"phase":"resume", the same fields, "state":<from the last effect>,
 *      "outcome":{"status":200,"headers":{"lower-case-name":"value"}}}            body = the answer's bytes
 *   {"phase":"resume", .., "outcome":{"waited":true}}                            after a wait
 *   {"phase":"webhook","topic":"..","headers":{..},"connection":{..},"now_ms":N}  body = the delivery's bytes
 *   {"phase":"poll","operation":"..","connection":{..},"state":<cursor>,"now_ms":N}
 * `connection` holds the non-secret fields of the connection. Secrets never enter a module.
 *
 * Effect envelope (JSON object), exactly one a call:
 *   {"effect":"http","request":{"method":"POST","url":"https://..","headers":{..}},"auth":"<scheme of the manifest>",
 *      "safety":"safe|idempotent|keyed|natural|unsafe","state":<any JSON, <= 64 KiB>,
 *      "fill":{"/json/pointer":"<secret slot>"}}                                       body = the request's bytes
 *   {"effect":"wait","until_ms":N,"state":..}
 *   {"effect":"done","output":{..}}
 *   {"effect":"fail","kind":"retry|rate_limited|auth_refresh|auth_dead|permanent|gone|ambiguous","code":"vendor_code",
 *      "message":"for a person","retry_after_ms":N}                                  retry_after_ms is optional
 *   {"effect":"events","items":[{"name":"..","at":"/json/pointer/into/body"} or {"name":"..","data":{..}}],
 *      "cursor":..,"more":false}
 * A reconcile operation begins with the inputs and step_key of the operation it asks about, and with "state": the state of
 * the http effect whose fate is unknown. It answers done with {"found":true,"output":{..}} or
 * {"found":false}; fail when it cannot tell.
 */
#ifndef IEUM_CONNECTOR_H
#define IEUM_CONNECTOR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IEUM_CONNECTOR_ABI 1u

typedef struct ieum_bytes {
  const char* data;
  size_t size;
} ieum_bytes;

typedef struct ieum_call {
  uint32_t size;       /* sizeof(ieum_call) of the host */
  ieum_bytes envelope; /* JSON, UTF-8 */
  ieum_bytes body;     /* raw */
} ieum_call;

typedef struct ieum_sink {
  uint32_t size; /* sizeof(ieum_sink) of the host */
  void* context;
  /* Copies both; called exactly once before step() returns. */
  void (*effect)(void* context, ieum_bytes envelope, ieum_bytes body);
} ieum_sink;

typedef struct ieum_connector {
  uint32_t size;                                              /* sizeof(ieum_connector) of the module */
  uint32_t abi;                                               /* IEUM_CONNECTOR_ABI */
  void (*step)(const ieum_call* call, const ieum_sink* sink); /* [pure][any-thread][no-throw] */
} ieum_connector;

/* The one exported symbol. The pointer lives as long as the module is loaded. */
__attribute__((visibility("default"))) const ieum_connector* ieum_connector_v1(void);

#ifdef __cplusplus
}
#endif
#endif
