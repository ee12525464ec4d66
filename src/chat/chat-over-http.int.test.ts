import { describe, expect, test } from 'vitest'
import { envelopeOf, errorBodySchema } from '#platform/envelope'
import { AppError } from '#platform/errors'
import { conversationListSchema, conversationSchema } from './api.ts'
import { as, ask, get, json, replyOf, spec, useChatServer } from './chat-server-fixture.ts'

const at = useChatServer()

describe('over HTTP', () => {
  test('a question comes back answered in an envelope, and its conversation can be read, listed and deleted', async () => {
    const { conversationId, turn } = replyOf(await ask(at, '이번 달 매출'))
    expect(turn.answer.text).toBe('이번 달 매출은 **1만 원**이에요.')
    const follow = replyOf(await ask(at, '안녕', { conversationId }))
    expect(follow.conversationId).toBe(conversationId)

    const read = envelopeOf(conversationSchema).parse(
      await (await get(at, `/api/v1/conversations/${conversationId}`)).json(),
    ).body
    expect(read.turns.map(({ question }) => question)).toEqual(['이번 달 매출', '안녕'])
    expect(read.turns[0]).toEqual(turn)
    const list = envelopeOf(conversationListSchema).parse(await (await get(at, '/api/v1/conversations')).json()).body
    expect(list.conversations.map((each) => each.conversationId)).toContain(conversationId)

    const gone = await fetch(`${at.base}/api/v1/conversations/${conversationId}`, {
      method: 'DELETE',
      headers: as('somi'),
    })
    expect(gone.status).toBe(200)
    expect((await get(at, `/api/v1/conversations/${conversationId}`)).status).toBe(404)
  })

  test('another person finds nothing there', async () => {
    const { conversationId, turn } = replyOf(await ask(at, '이번 달 매출'))
    for (const path of ['', `/turns/${turn.turnId}/export?format=csv`]) {
      const response = await get(at, `/api/v1/conversations/${conversationId}${path}`, 'minsu')
      expect([response.status, errorBodySchema.parse(await json(response)).error.code]).toEqual([
        404,
        'CONVERSATION_NOT_FOUND',
      ])
    }
    expect((await ask(at, '안녕', { conversationId }, 'minsu')).status).toBe(404)
    const deleted = await fetch(`${at.base}/api/v1/conversations/${conversationId}`, {
      method: 'DELETE',
      headers: as('minsu'),
    })
    expect(deleted.status).toBe(404)
    expect((await get(at, `/api/v1/conversations/${conversationId}`)).status).toBe(200)
  })

  test.each([
    ['', 400, 'QUESTION_EMPTY'],
    [' \n ', 400, 'QUESTION_EMPTY'],
    ['가'.repeat(10_000), 400, 'QUESTION_TOO_LONG'],
    ['매출\u0000\u001b[2J', 400, 'QUESTION_UNREADABLE'],
  ])('bad text %#', async (text, status, code) => {
    const reply = await ask(at, text)
    expect([reply.status, errorBodySchema.parse(reply.body).error.code]).toEqual([status, code])
  })

  test('the ERP being down is told with its status, and the question stays', async () => {
    const { conversationId } = replyOf(await ask(at, '안녕'))
    at.answerQuery = async () => Promise.reject(new AppError(spec('ERP_UNAVAILABLE', 'unavailable')))
    const reply = await ask(at, '이번 달 매출', { conversationId })
    expect([reply.status, errorBodySchema.parse(reply.body).error.code]).toEqual([503, 'ERP_UNAVAILABLE'])
    const read = await (await get(at, `/api/v1/conversations/${conversationId}`)).json()
    expect(envelopeOf(conversationSchema).parse(read).body.turns[1]).toMatchObject({
      question: '이번 달 매출',
      answer: { kind: 'failed', errorCode: 'ERP_UNAVAILABLE' },
    })
  })

  test('the API document describes every route, files too', async () => {
    const { paths } = await json(await fetch(`${at.base}/openapi.json`))
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/v1/chat/messages', '/api/v1/conversations/{id}', '/api/v1/suggestions']),
    )
    const file = paths['/api/v1/conversations/{id}/turns/{turnId}/export'].get.responses
    expect(Object.keys(file['200'].content)).toEqual([
      expect.stringContaining('text/csv'),
      expect.stringContaining('spreadsheetml'),
    ])
    expect(Object.keys(file)).toEqual(expect.arrayContaining(['400', '401', '403', '404', '409', '429', '500', '503']))
  })

  test('six suggestions in the language asked for', async () => {
    const { body } = await json(await get(at, '/api/v1/suggestions?language=en'))
    expect(body.prompts).toHaveLength(6)
    expect(JSON.stringify(body.prompts)).not.toMatch(/[가-힣]/)
  })

  test('a bad cursor is told', async () => {
    expect((await get(at, '/api/v1/conversations?after=zzz')).status).toBe(400)
  })

  test('times and kinds are counted', async () => {
    await ask(at, '이번 달 매출')
    const text = await at.metrics.registry.metrics()
    expect(text).toContain('chat_answers_total{kind="answered"} 1')
    expect(text).toContain('chat_step_duration_seconds_count{step="erp"} 1')
  })
})
