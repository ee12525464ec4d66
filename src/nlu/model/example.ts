import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const spanSchema = z.tuple([z.number().int().min(0), z.number().int().min(1), z.string().min(1)])
const exampleSchema = z
  .object({ text: z.string().min(1), intent: z.string().min(1), spans: z.array(spanSchema).optional() })
  .refine(({ text, spans = [] }) => spans.every(([start, end]) => start < end && end <= text.length), {
    message: 'a span must lie inside the text',
    path: ['spans'],
  })

/** A labelled utterance. `spans` are `[start, end, slot]` in UTF-16 units of `text`; absent when slots are not labelled. */
export type Example = z.infer<typeof exampleSchema>

/** The intent of examples that belong to no other: what a model must refuse. */
export const outOfScopeIntent = 'out_of_scope'

/** A line of an examples file that is not an example. */
export class ExampleFault extends Error {}

function readLine(line: string, where: string): Example {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ExampleFault(`${where}: not JSON`)
  }
  const parsed = exampleSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ExampleFault(`${where}: ${issue?.path.join('.') || 'example'}: ${issue?.message ?? 'unreadable'}`)
}

/** Reads examples, one JSON object a line, from a `.jsonl` or `.jsonl.gz` file. Throws {@link ExampleFault} naming file and line. */
export function readExamples(path: string): Example[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [readLine(line, `${path}:${i + 1}`)]))
}
