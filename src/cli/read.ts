import { readFileSync } from 'node:fs'
import { readSpans } from '#nlu'
import { seoulDate } from '#platform/seoul-date'

// `npm run -s read -- [--today YYYY-MM-DD] ["글"]` prints the numbers and times read in a text, a line each; the text may come by stdin.
const usage = 'usage: npm run -s read -- [--today YYYY-MM-DD] ["text"]   (without a text, standard input is read)'

function fail(problem: string): never {
  console.error(problem)
  process.exit(2)
}

/** By hand, because a text may begin with a minus: -100원 이하. */
function readOptions(args: string[]): { today?: string; words: string[] } {
  const words: string[] = []
  let today: string | undefined
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    if (arg === '--') return { ...(today === undefined ? {} : { today }), words: [...words, ...args.slice(i + 1)] }
    if (arg === '--today') {
      i += 1
      today = args[i] ?? fail(`--today needs a date. ${usage}`)
    } else if (arg.startsWith('--today=')) today = arg.slice('--today='.length)
    else if (/^--[a-z]/.test(arg)) fail(`There is no option ${arg}. ${usage}`)
    else words.push(arg)
  }
  return { ...(today === undefined ? {} : { today }), words }
}

const isDate = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const options = readOptions(process.argv.slice(2))
const today = options.today ?? seoulDate(new Date())
if (!isDate(today)) fail(`--today: '${today}' is no date; write it as YYYY-MM-DD, such as 2026-11-23.`)
if (options.words.length === 0 && process.stdin.isTTY) fail(usage)
const text = options.words.length > 0 ? options.words.join(' ') : readFileSync(0, 'utf8')
for (const span of readSpans(text, today)) console.log(JSON.stringify(span))
