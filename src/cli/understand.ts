import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCatalog } from '#catalog'
import {
  buildNameIndex,
  createExplainer,
  createUnderstanding,
  type DialogueState,
  type NameEntry,
  openRequestModel,
} from '#nlu'
import { seoulDate } from '#platform/seoul-date'
import { companyNames } from './company-names.ts'
import { explanationLines } from './print-explanation.ts'

// `npm run -s understand -- FILE.jsonl --today DATE` prints a reading a line; `… -- "글" --explain` shows how each text of a conversation is
// read, step by step (`--json` for programs).
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    today: { type: 'string' },
    names: { type: 'string', default: 'demo/company.json' },
    catalog: { type: 'string', default: 'catalog' },
    mapping: { type: 'string', default: 'demo-odata' },
    explain: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

type Line = { id?: string; text?: string; turns?: { text: string }[] }

const [input] = positionals
const today = values.today ?? seoulDate(new Date())
if (!input || !/^\d{4}-\d{2}-\d{2}$/.test(today)) {
  console.error(
    'usage: npm run -s understand -- FILE.jsonl|"text" [--today YYYY-MM-DD] [--names FILE] [--catalog FOLDER] [--explain [--json]]',
  )
  process.exit(2)
}

function readNames(path: string): NameEntry[] {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return Array.isArray(content) ? (content as NameEntry[]) : companyNames(content)
}

const catalog = loadCatalog(values.catalog, values.mapping)
const index = buildNameIndex(catalog, readNames(values.names))
const model = openRequestModel()
const understand = createUnderstanding({ catalog, names: () => index, model: () => model })

async function readTurns(texts: string[]) {
  let state: DialogueState = {}
  const results = []
  for (const text of texts) {
    const reply = await understand({ text, today, state, language: 'ko' })
    state = reply.state
    results.push(reply.understanding)
  }
  return results
}

if (existsSync(input)) {
  for (const line of readFileSync(input, 'utf8').split('\n')) {
    if (line.trim() === '') continue
    const { id, text, turns } = JSON.parse(line) as Line
    const results = await readTurns(turns ? turns.map((turn) => turn.text) : [text ?? ''])
    console.log(JSON.stringify(turns ? { id, results } : { id, result: results[0] }))
  }
} else if (values.explain) {
  const explain = createExplainer({ catalog, names: () => index, model: () => model })
  for (const [i, result] of (await readTurns(positionals)).entries()) {
    const explanation = explain(positionals[i] ?? '', today, result)
    if (values.json) console.log(JSON.stringify({ text: positionals[i], ...explanation, understanding: result }))
    else console.log(explanationLines(explanation, result).join('\n'))
  }
} else for (const result of await readTurns(positionals)) console.log(JSON.stringify(result))
