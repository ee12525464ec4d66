import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { clientFrameSchema, serverFrameSchema } from '../../../src/chat/api.ts'
import { envelopeOf, errorBodySchema } from '../../../src/platform/envelope.ts'
import { nastyJson, nastyText } from '../../support/hostile-request.ts'
import { arbitraryOf, type JsonSchema } from '../../support/json-arbitrary.ts'
import type { Person, TestOffice } from '../../support/office.ts'

/** FUZZ_FRAMES and FUZZ_SEED repeat or deepen a run. */
const wanted = Number(process.env.FUZZ_FRAMES ?? 2_000)
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
const logins = ['somi', 'minsu', 'sejin', 'sanghyun']
const quietMs = 1_500

const answerSchema = z.union([envelopeOf(serverFrameSchema), errorBodySchema.strict()])
const schema = z.toJSONSchema(clientFrameSchema, { io: 'input' }) as JsonSchema

/** A frame as it goes over the wire: a text, or bytes. */
type Frame = string | Buffer

const wellFormed = arbitraryOf(schema, () => ({})).map((frame) => JSON.stringify(frame))
const broken = fc.oneof(
  // One item of a good frame exchanged, left out or added.
  fc
    .tuple(
      arbitraryOf(schema, () => ({})),
      fc.constantFrom('type', 'requestId', 'text', 'language', 'x'),
      nastyJson,
    )
    .map(([frame, name, value]) => JSON.stringify({ ...(frame as object), [name]: value })),
  fc.tuple(wellFormed, fc.nat({ max: 60 })).map(([text, cut]) => text.slice(0, cut)),
  nastyJson.map((value) => JSON.stringify(value) ?? ''),
  nastyText,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.integer({ min: 1, max: 5_000 }).map((depth) => '['.repeat(depth)),
)
const frames: fc.Arbitrary<Frame> = fc.oneof({ arbitrary: wellFormed, weight: 1 }, { arbitrary: broken, weight: 3 })

/** Frames made from the schema of the chat socket, well-formed and broken. */
export function describeHostileFrames(office: () => TestOffice): void {
  describe('hostile frames', () => {
    test(`${wanted}: every answer is a frame of the document or an error, and the service goes on`, async () => {
      console.log(`Frames are made from seed ${seed}; FUZZ_SEED=${seed} repeats them`)
      const all = fc.sample(frames, { seed, numRuns: wanted })
      const shares = logins.map((_, index) => all.filter((__, n) => n % logins.length === index))
      const seen = await Promise.all(
        logins.map(async (login, index) => sendFrames(office(), await office().signIn(login), shares[index] ?? [])),
      )
      const answers = seen.flatMap((one) => one.answers)
      const faults = answers.filter((text) => !answerSchema.safeParse(tryParse(text)).success)
      expect(faults.map((text) => text.slice(0, 300)).slice(0, 10)).toEqual([])
      const codes = new Map<string, number>()
      for (const text of answers) codes.set(kindOf(text), (codes.get(kindOf(text)) ?? 0) + 1)
      console.log(
        `${wanted} frames:`,
        Object.fromEntries(codes),
        'closed with',
        seen.flatMap((one) => one.closed),
      )
      expect([...codes.keys()]).not.toContain('INTERNAL')
      // They must get past the reader of frames, or they show nothing.
      expect(codes.get('FRAME_UNREADABLE') ?? 0).toBeGreaterThan(wanted / 10)
      expect(answers.length).toBeGreaterThan(wanted / 2)
      expect((await fetch(new URL('/readyz', office().url))).status).toBe(200)
      const person = await office().signIn('somi')
      expect((await person.ask('이번 달 매출 얼마야?')).turn.answer.kind).toBeDefined()
    }, 300_000)
  })
}

/** Sends them over one socket, another when the service closes it, and waits until nothing more comes. */
async function sendFrames(office: TestOffice, { token }: Person, list: Frame[]) {
  const answers: string[] = []
  const closed: number[] = []
  let socket: WebSocket | undefined
  let heardAt = performance.now()
  const open = async () => {
    const headers = { authorization: `Bearer ${token}` }
    const opened = new WebSocket(new URL('/api/v1/chat', office.url.replace('http', 'ws')), { headers })
    opened.on('message', (data) => {
      heardAt = performance.now()
      answers.push(String(data))
    })
    opened.on('close', (code) => void closed.push(code))
    opened.on('error', () => undefined)
    await once(opened, 'open')
    return opened
  }
  for (const [index, frame] of list.entries()) {
    if (socket?.readyState !== WebSocket.OPEN) socket = await open()
    socket.send(frame)
    if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  while (performance.now() - heardAt < quietMs) await new Promise((resolve) => setTimeout(resolve, 100))
  socket?.removeAllListeners('close').terminate()
  return { answers, closed }
}

function kindOf(text: string): string {
  const { body, error } = tryParse(text) as {
    body?: { type: string; error?: { code: string } }
    error?: { code: string }
  }
  return body?.error?.code ?? body?.type ?? error?.code ?? 'unknown'
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
