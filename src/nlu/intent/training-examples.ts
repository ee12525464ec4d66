import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { placeholders } from './intent-features.ts'

const lineSchema = z.object({ intent: z.enum(['ask', 'greeting', 'thanks', 'help', 'chat']), text: z.string().min(1) })

/** `ask`: anything about data, first or following up. `chat`: anything that is neither that nor small talk with the bot. */
export type TrainingExample = z.infer<typeof lineSchema>

/** The examples of `nlu-training/intents.jsonl`, with {word} {name} {time} {number} made placeholders. */
export function readTrainingExamples(): TrainingExample[] {
  const path = join(import.meta.dirname, '../../../nlu-training/intents.jsonl')
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)))
    .map(({ intent, text }) => ({
      intent,
      text: text.replace(/\{(word|name|time|number)\}/g, (_, key: keyof typeof placeholders) => placeholders[key]),
    }))
}
