import { afterEach, expect, test } from 'vitest'
import type { UnderstandReply, UnderstandRequest } from '../understanding.ts'
import { openRawStream } from './raw-stream-fixture.ts'
import { answeredBy, answering, closeAll, connect, reply, request, serve } from './rpc-fixture.ts'

afterEach(closeAll)

const typed = (text: string, revision: number): UnderstandRequest => ({
  ...request(text),
  partial: true,
  growing: { id: 'typing-1', revision },
})
const outcomeOf = (asked: Promise<UnderstandReply>) =>
  asked.then(answeredBy, (error) => (error as { spec?: { code: string } }).spec?.code)

/** Reads each text when the test lets it. */
function readingOnCue() {
  const seen: string[] = []
  const cues: (() => void)[] = []
  const understand = ({ text }: UnderstandRequest) => {
    seen.push(text)
    return new Promise<UnderstandReply>((resolve) => cues.push(() => resolve(reply(text))))
  }
  return { seen, understand, readAll: () => cues.splice(0).forEach((cue) => void cue()) }
}

test('the newest of what is typed is read, what it replaced is not, and each text learns which it was', async () => {
  const seen: string[] = []
  const { address, metric } = await serve(async ({ text }) => {
    seen.push(text)
    return reply(text)
  })
  const { understand, metric: clientMetric } = connect([address])
  const texts = ['이', '이번', '이번 달', '이번 달 매', '이번 달 매출']
  const outcomes = await Promise.all(texts.map((text, i) => outcomeOf(understand(typed(text, i + 1)))))
  expect(outcomes).toEqual([...texts.slice(1).map(() => 'NLU_SUPERSEDED'), '이번 달 매출'])
  expect(seen.at(-1)).toBe('이번 달 매출')
  expect(await metric('nlu_analyses_dropped_total')).toBe(texts.length - seen.length)
  expect(await clientMetric('nlu_requests_abandoned_total', { reason: 'superseded' })).toBe(4)
})

test('an older text that is asked late is not read, and one more than once neither', async () => {
  const seen: string[] = []
  const { address } = await serve(answering('a', seen))
  const { understand } = connect([address])
  expect(await outcomeOf(understand(typed('이번 달', 3)))).toBe('a')
  expect(await outcomeOf(understand(typed('이번', 2)))).toBe('NLU_SUPERSEDED')
  expect(await outcomeOf(understand(typed('이번 달', 3)))).toBe('NLU_SUPERSEDED')
  expect(await outcomeOf(understand(typed('이번 달 매출', 4)))).toBe('a')
  expect(seen).toEqual(['이번 달', '이번 달 매출'])
})

test('the answer to an older text that was being read already is not sent', async () => {
  const reading = readingOnCue()
  const { address } = await serve(reading.understand)
  const stream = await openRawStream(address)
  stream.send({ requestId: 'r', text: '이번', revision: 1 })
  await expect.poll(() => reading.seen).toEqual(['이번'])
  stream.send({ requestId: 'r', text: '이번 달', revision: 2 })
  await expect.poll(() => reading.seen).toEqual(['이번', '이번 달'])
  reading.readAll()
  await expect.poll(() => stream.responses.length).toBe(1)
  stream.send({ requestId: 'r', text: '이', revision: 1 })
  stream.send({ requestId: 'other', text: '매출' })
  await expect.poll(() => reading.seen.length).toBe(3)
  reading.readAll()
  await expect.poll(() => stream.responses.length).toBe(2)
  expect(stream.responses.map(({ requestId, revision }) => [requestId, revision])).toEqual([
    ['r', 2],
    ['other', 0],
  ])
})

test('a server that answers an older text late does not pass it off as the newest', async () => {
  const reading = readingOnCue()
  const { address } = await serve(reading.understand)
  const { understand } = connect([address])
  const older = outcomeOf(understand(typed('이번', 1)))
  await expect.poll(() => reading.seen).toEqual(['이번'])
  const newer = outcomeOf(understand(typed('이번 달', 2)))
  expect(await older).toBe('NLU_SUPERSEDED')
  await expect.poll(() => reading.seen.length).toBe(2)
  reading.readAll()
  expect(await newer).toBe('이번 달')
})

test('when its server is lost, the newest text goes elsewhere and no other', async () => {
  const stuck = readingOnCue()
  const first = await serve(stuck.understand)
  const seen: string[] = []
  const second = await serve(answering('second', seen))
  const { understand } = connect([first.address, second.address])
  const outcomes = ['이', '이번', '이번 달'].map((text, i) => outcomeOf(understand(typed(text, i + 1))))
  expect((await Promise.all(outcomes)).slice(0, 2)).toEqual(['NLU_SUPERSEDED', 'NLU_SUPERSEDED'])
  expect(await outcomes[2]).toBe('second')
  expect(seen).toEqual(['이번 달'])
})

test('what was typed is withdrawn when its caller gives up, and not read if it has not been', async () => {
  const reading = readingOnCue()
  const { address, metric } = await serve(reading.understand)
  const { understand } = connect([address])
  const giveUp = new AbortController()
  const asked = outcomeOf(understand(typed('이번 달', 1), giveUp.signal))
  await expect.poll(() => reading.seen.length).toBe(1)
  giveUp.abort()
  expect(await asked).toBe('NLU_TIMEOUT')
  await expect.poll(() => metric('nlu_analyses_dropped_total')).toBe(1)
  expect(await metric('nlu_analyses_in_progress')).toBe(0)
})
