import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { trainingOutcomes, trainingProgress, trainingRequests, trainingResults, trainingTasks } from './messages.ts'

const path = join(import.meta.dirname, '../../docs/training-messages.schema.json')
const topics = [trainingRequests, trainingProgress, trainingOutcomes, trainingTasks, trainingResults]

test('the documented schemas of messages are those of the code', () => {
  const written: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'))
  expect(written).toEqual(Object.fromEntries(topics.map(({ name, body }) => [name, z.toJSONSchema(body)])))
})
