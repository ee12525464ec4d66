import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wrapMessage } from '#platform/envelope'
import { maskMessage, traceOf } from './mask-message.ts'

test('a message of ours is shown whole: it has ids, times and small numbers', () => {
  const body = { push: crypto.randomUUID(), batch: 12, isLast: true, at: new Date().toISOString(), to: null }
  const message = wrapMessage(body, { destination: 'notify.push-batch' })
  expect(maskMessage(message)).toEqual(message)
  expect(traceOf(message)).toBe(message.metadata.trace.traceId)
})

test('what may be about a person is blanked, wherever it stands', () => {
  const shown = maskMessage({
    header: { messageId: 'x', source: 'crm', destination: '김민수', note: 'erp-chatbot' },
    body: { name: '김민수', mail: 'minsu@hanbit.example', phone: 1012345678, card: '4111111111111111', 'a b': 1 },
    list: ['kim', [{ deep: 'secret' }]],
  })
  expect(shown).toEqual({
    header: { messageId: '•••', source: 'crm', destination: '•••', note: '•••' },
    body: { name: '•••', mail: '•••', phone: '•••', card: '•••', '••• 5': 1 },
    list: ['•••', [{ deep: '•••' }]],
  })
  expect(maskMessage('nonsense')).toBe('•••')
  expect(traceOf('nonsense')).toBeUndefined()
})

test('no text of a person’s gets through, whatever the shape', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const planted = { body: { value, name: '김민수', keys: { '010-1234-5678': '한빛' } } }
      expect(JSON.stringify(maskMessage(planted))).not.toMatch(/김민수|한빛|1234-5678/)
    }),
  )
})
