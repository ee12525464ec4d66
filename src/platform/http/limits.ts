/** How much of anything one caller, call or connection may have of this server. */
export type HttpLimits = {
  /** Calls a minute of one person, of one API key, and of one address; an address may be a whole office. */
  perActor: number
  perKey: number
  perAddress: number
  /** The body of a call, unless its route takes more. */
  bodyBytes: number
  /** How deep JSON may nest, and how many keys and items it may have in all; more where the route takes larger bodies. */
  jsonDepth: number
  jsonMembers: number
  urlCharacters: number
  queryParameters: number
  headerBytes: number
  headers: number
  /** To receive the headers, the whole request; to answer it; to wait for the next one on the connection. */
  headersMs: number
  requestMs: number
  answerMs: number
  keepAliveMs: number
  /** A connection on which nothing moves, such as that of a reader who takes nothing in. */
  silenceMs: number
  connections: number
  /** WebSockets that one person or key may have open at this process, and what they may send on all of them. */
  socketsPerActor: number
  framesPerMinute: number
  frameBytes: number
}

export const defaultLimits: HttpLimits = {
  perActor: 300,
  perKey: 600,
  perAddress: 3_000,
  bodyBytes: 64 * 1024,
  jsonDepth: 20,
  jsonMembers: 10_000,
  urlCharacters: 8 * 1024,
  queryParameters: 100,
  headerBytes: 16 * 1024,
  headers: 100,
  headersMs: 10_000,
  requestMs: 20_000,
  answerMs: 30_000,
  keepAliveMs: 65_000,
  silenceMs: 120_000,
  connections: 10_000,
  socketsPerActor: 20,
  framesPerMinute: 1_200,
  frameBytes: 64 * 1024,
}
