import { expect, test } from 'vitest'
import { readReply } from './read-reply.ts'

const now = new Date('2026-11-23T00:00:00Z')
const hourMs = 3_600_000

test.each([
  ['30', 30_000],
  ['3600', hourMs],
  ['3601', hourMs],
  // Longer than a timer holds: it would fire at once.
  ['999999999', hourMs],
  ['99999999999999999999', hourMs],
  ['Mon, 23 Nov 2026 00:01:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 00:00:00 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', hourMs],
  ['soon', undefined],
])('Retry-After: %s is waited for at most an hour', (retryAfter, waitMs) => {
  const reply = { status: 503, headers: { 'retry-after': retryAfter }, body: '' }
  expect(readReply(reply, now)).toMatchObject({ kind: 'again', waitMs })
})
