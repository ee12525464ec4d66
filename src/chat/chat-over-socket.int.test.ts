import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { envelopeOf } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { type ServerFrame, serverFrameSchema } from './api.ts'
import { answerTenThousand } from './chat-fixture.ts'
import { as, ask, get, json, replyOf, spec, useChatServer } from './chat-server-fixture.ts'

const at = useChatServer()

describe('over the WebSocket', () => {
  async function open(name = 'somi') {
    const socket = new WebSocket(`${at.base.replace('http', 'ws')}/api/v1/chat`, { headers: as(name) })
    const frames: ServerFrame[] = []
    const waiting = new Set<() => void>()
    socket.on('message', (data) => {
      frames.push(envelopeOf(serverFrameSchema).parse(JSON.parse(data.toString())).body)
      for (const check of waiting) check()
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const until = (isDone: (frames: ServerFrame[]) => boolean) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (!isDone(frames)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    const send = (frame: unknown) =>
      socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    return { socket, frames, until, send, closed }
  }
  const about = (requestId: string, type: string) => (frames: ServerFrame[]) =>
    frames.some((frame) => frame.type === type && frame.requestId === requestId)

  test('a question is accepted, understood and answered, in this order', async () => {
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r1', text: '이번 달 매출' })
    await chat.until(about('r1', 'answer'))
    expect(chat.frames.map(({ type }) => type)).toEqual(['accepted', 'understood', 'answer'])
    const answer = chat.frames.at(-1)
    expect(answer).toMatchObject({ turn: { answer: { text: '이번 달 매출은 **1만 원**이에요.' } } })
    chat.socket.close()
  })

  test('typing shows chips and keeps nothing', async () => {
    const chat = await open('minsu')
    const before = (await json(await get(at, '/api/v1/conversations', 'minsu'))).body.conversations.length
    for (const text of ['이', '이번 달', '이번 달 매출']) chat.send({ type: 'typing', requestId: `t-${text}`, text })
    await chat.until((frames) =>
      frames.some((frame) => frame.type === 'understood' && frame.requestId === 't-이번 달 매출'),
    )
    expect(chat.frames.at(-1)).toMatchObject({
      partial: true,
      chips: expect.arrayContaining([expect.objectContaining({ value: '매출액' })]),
    })
    expect((await json(await get(at, '/api/v1/conversations', 'minsu'))).body.conversations).toHaveLength(before)
    expect(at.audited).toEqual([])
    chat.socket.close()
  })

  test.each([
    ['not json', null, 'FRAME_UNREADABLE'],
    [Buffer.from([1, 2, 3]), null, 'FRAME_UNREADABLE'],
    ['[]', null, 'FRAME_UNREADABLE'],
    [{ type: 'dance', requestId: 'x' }, 'x', 'FRAME_UNREADABLE'],
    [{ type: 'ask', requestId: 'x' }, 'x', 'FRAME_UNREADABLE'],
    [{ type: 'ask', requestId: 'x', text: '' }, 'x', 'QUESTION_EMPTY'],
    [{ type: 'ask', requestId: 'x', text: '가'.repeat(10_000) }, 'x', 'QUESTION_TOO_LONG'],
    [{ type: 'typing', requestId: 'x', text: 'a'.repeat(2_000) }, 'x', 'QUESTION_TOO_LONG'],
    [
      { type: 'ask', requestId: 'x', text: '안녕', conversationId: '7f0c24f6-7df1-4a4e-9d0e-000000000000' },
      'x',
      'CONVERSATION_NOT_FOUND',
    ],
  ])('what cannot be read gets an error frame and the socket goes on: %#', async (frame, requestId, code) => {
    const chat = await open()
    chat.send(frame)
    await chat.until((frames) => frames.some(({ type }) => type === 'error'))
    expect(chat.frames[0]).toMatchObject({ type: 'error', requestId, error: { code } })
    chat.send({ type: 'ask', requestId: 'after', text: '안녕' })
    await chat.until(about('after', 'answer'))
    chat.socket.close()
  })

  test('a fifth question at once is refused, and the four are answered', async () => {
    const gate = Promise.withResolvers<void>()
    at.answerQuery = async (query, signal) => {
      await gate.promise
      return answerTenThousand(query, signal)
    }
    const chat = await open()
    for (let i = 1; i <= 5; i += 1) chat.send({ type: 'ask', requestId: `r${i}`, text: '느린 질문' })
    await chat.until(about('r5', 'error'))
    expect(chat.frames.find(({ type }) => type === 'error')).toMatchObject({ error: { code: 'TOO_MANY_QUESTIONS' } })
    gate.resolve()
    await chat.until((frames) => frames.filter(({ type }) => type === 'answer').length === 4)
    chat.socket.close()
  })

  test('a second socket is no second allowance; another person has their own', async () => {
    const gate = Promise.withResolvers<void>()
    at.answerQuery = async (query, signal) => {
      await gate.promise
      return answerTenThousand(query, signal)
    }
    const [first, second, other] = [await open(), await open(), await open('minsu')]
    for (let i = 1; i <= 4; i += 1) first.send({ type: 'ask', requestId: `r${i}`, text: '느린 질문' })
    await first.until((frames) => frames.filter(({ type }) => type === 'accepted').length === 4)
    for (const chat of [second, other]) chat.send({ type: 'ask', requestId: 'more', text: '느린 질문' })
    await second.until(about('more', 'error'))
    await other.until(about('more', 'accepted'))
    gate.resolve()
    await first.until((frames) => frames.filter(({ type }) => type === 'answer').length === 4)
    for (const chat of [first, second, other]) chat.socket.close()
  })

  test('what is asked in another’s conversation is refused, and on record', async () => {
    const { conversationId } = replyOf(await ask(at, '안녕'))
    at.audited = []
    const chat = await open('minsu')
    chat.send({ type: 'ask', requestId: 'r', text: '안녕', conversationId })
    await chat.until(about('r', 'error'))
    chat.send({ type: 'ask', requestId: 'after', text: '안녕' })
    await chat.until(about('after', 'answer'))
    expect(at.audited).toMatchObject([
      { actorId: 'minsu', action: 'chat.ask', outcome: 'refused', details: { errorCode: 'CONVERSATION_NOT_FOUND' } },
      { actorId: 'minsu', action: 'chat.ask', outcome: 'ok' },
    ])
    chat.socket.close()
  })

  test('of a flood that is refused, the first is on record', async () => {
    const chat = await open('minsu')
    at.audited = []
    for (let n = 0; n < 5; n++) chat.send('not json')
    await chat.until((frames) => frames.filter(({ type }) => type === 'error').length === 5)
    expect(at.audited.filter(({ details }) => details.errorCode === 'FRAME_UNREADABLE')).toHaveLength(1)
    chat.socket.close()
  })

  test('closing the socket ends what it asked', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    at.answerQuery = async (_, signal) => {
      asked.resolve(signal)
      return new Promise(() => undefined)
    }
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r', text: '느린 질문' })
    const signal = await asked.promise
    const ended = new Promise((resolve) => signal.addEventListener('abort', resolve))
    chat.socket.terminate()
    await ended
  })

  test('a failure is an error frame about its question', async () => {
    at.answerQuery = async () => Promise.reject(new AppError(spec('ERP_TIMEOUT', 'unavailable')))
    const chat = await open()
    chat.send({ type: 'ask', requestId: 'r', text: 'sales this month', language: 'en' })
    await chat.until(about('r', 'error'))
    expect(chat.frames.at(-1)).toMatchObject({
      requestId: 'r',
      error: { code: 'ERP_TIMEOUT', message: 'ERP_TIMEOUT sentence' },
    })
    chat.socket.close()
  })

  test('without a token there is no socket, and an ended sign-in closes it with 4401', async () => {
    await expect(open('nobody')).rejects.toThrow('401')
    const chat = await open('minsu')
    at.revoked.add('minsu')
    chat.send({ type: 'ask', requestId: 'r', text: '안녕' })
    expect(await chat.closed).toBe(4401)
    expect(chat.frames).toMatchObject([{ type: 'error', error: { code: 'TOKEN_EXPIRED' } }])
  })

  test('a socket on which nothing is asked is closed within five seconds of the end of its sign-in', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const chat = await open('minsu')
    at.revoked.add('minsu')
    at.oldest.length = 0
    vi.advanceTimersByTime(4_000)
    expect(await chat.closed).toBe(4401)
    // What is known of a caller may be that old already.
    expect(at.oldest).toEqual([1_000])
  })
})
