import { describe, expect, test } from 'vitest'
import type { TrainingJob, TrainingModels } from '../../../src/training/api.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const send = (method: 'POST' | 'PUT', body: unknown = {}) => ({ method, body: JSON.stringify(body) })
const label = 'receivable.balance'
const asked = '물려 있는 돈 얼마야'
const others = ['물려 있는 돈', '물린 돈', '깔려 있는 돈'].flatMap((money) =>
  [' 얼마나 돼', ' 좀 보여줘', ' 알려줄래', ' 총 얼마니', ' 얼마 있어', ' 뽑아줘', ' 얼마지'].map(
    (end) => `${money}${end}`,
  ),
)

/** From a question that was not understood to a model that understands it, and back. */
export function describeTraining(office: () => TestOffice): void {
  describe('training', () => {
    test('a question that was declined is labelled, trained on, and answered; a rollback takes it back', async () => {
      const admin = await office().signIn('hyerim')
      const person = await office().signIn('minsu')
      const train = '/api/v1/training'
      await admin.call(`${train}/schedule`, send('PUT', { canaryShare: 0, isEnabled: false }))
      const { conversationId, turn } = await person.ask(asked)
      expect(turn.answer.kind).toBe('out-of-scope')
      const place = `/api/v1/conversations/${conversationId}/turns/${turn.turnId}/feedback`
      expect((await person.call(place, send('POST', { rating: 'down' }))).status).toBe(200)
      expect((await admin.call(place, send('POST', { rating: 'up' }))).status).toBe(404)

      const first = await runJob(admin)
      expect([first.state, first.outcome?.reasons]).toEqual(['deployed', []])
      const { candidates } = await read<{ candidates: { turn: string; question: string }[] }>(
        admin,
        `${train}/candidates?cause=thumbs_down`,
      )
      expect(candidates).toMatchObject([{ turn: turn.turnId, question: asked }])
      await admin.call(`${train}/candidates/${turn.turnId}`, send('PUT', { label }))
      await admin.call(`${train}/labels`, send('POST', { rows: others.map((text) => ({ text, label })) }))
      const second = await runJob(admin)
      expect([second.state, second.outcome?.reasons]).toEqual(['deployed', []])
      await expect
        .poll(async () => (await person.ask(asked)).turn.answer.query?.entity, { timeout: 10_000 })
        .toBe('receivable')

      const before = (await read<TrainingModels>(admin, `${train}/models`)).serving.model
      expect((await admin.call(`${train}/models/rollback`, send('POST'))).status).toBe(200)
      expect((await read<TrainingModels>(admin, `${train}/models`)).serving.model).not.toBe(before)
      await expect
        .poll(async () => (await person.ask(asked)).turn.answer.kind, { timeout: 10_000 })
        .toBe('out-of-scope')
    }, 120_000)
  })
}

async function read<T>(person: Person, path: string): Promise<T> {
  return ((await person.call(path)).body as { body: T }).body
}

/** Asks for a job and waits for its end. */
async function runJob(admin: Person): Promise<TrainingJob> {
  const asked = (await admin.call('/api/v1/training/jobs', send('POST'))).body as { body: TrainingJob }
  const job = () => read<TrainingJob>(admin, `/api/v1/training/jobs/${asked.body.job}`)
  await expect.poll(async () => (await job()).finishedAt, { timeout: 50_000, interval: 500 }).toBeDefined()
  return await job()
}
