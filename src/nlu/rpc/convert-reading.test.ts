import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { ReadingSchema } from '../gen/nlu_pb.ts'
import type { Understanding } from '../understanding.ts'
import { fromProtoReading, toProtoReading } from './convert.ts'

const reading: Understanding = { intent: 'manage', confidence: 0.9, language: 'ko', spans: [] }

test.each<Partial<Understanding>>([
  { manage: { act: 'list' } },
  { manage: { act: 'stop', kind: 'report', which: 3 } },
  { manage: { act: 'pause', kind: 'alert', which: 'all' } },
  { manage: { act: 'reschedule', schedule: '0 8 * * *' } },
  {
    manage: {
      act: 'stop',
      about: [
        { text: 'z', meanings: [] },
        { text: '재고', meanings: [{ entity: 'stock', field: 'quantity' }, { value: 'A' }] },
      ],
    },
  },
  { intent: 'alert', onlyNew: true, query: { entity: 'approval', measures: [] } },
  { intent: 'alert', channel: 'push', query: { entity: 'stock', measures: ['quantity'] } },
])('a reading survives the wire: %j', (more) => {
  const sent = toBinary(ReadingSchema, toProtoReading({ ...reading, ...more }))
  expect(fromProtoReading(fromBinary(ReadingSchema, sent))).toEqual({ ...reading, ...more })
})
