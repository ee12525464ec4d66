import { loadCatalog } from '../src/catalog/index.ts'
import { buildNameIndex, createUnderstanding, openRequestModel, type Understanding } from '../src/nlu/index.ts'
import { askedQuestions, benchDay, demoNames } from './erp-questions.ts'
import { comparedFigure, type Figure, judged, median, plainFigure, quantile } from './figure.ts'
import { createNlpPeer } from './nlp-peer.ts'

const warmUps = 3_000
const calls = 2_000
const blockSize = 200
const hostileCalls = 5

/** What nobody means as a question; none of it may become a query. */
const hostile: [name: string, text: string][] = [
  ['10 MB of letters', 'a'.repeat(10 * 1024 * 1024)],
  ['10 MB of Hangul', '가나다라 '.repeat(2 * 1024 * 1024)],
  ['10 MB of a question', '이번 달 매출 얼마야? '.repeat(800_000)],
  ['lone surrogates', '\ud800\udfff\udc00\ud800'.repeat(50)],
  ['5,000 spaces', ' '.repeat(5_000)],
  ['emoji only', '😀👩‍👩‍👧‍👦🇰🇷🔥'.repeat(40)],
  ['other scripts', 'Сколько продали в этом месяце? كم المبيعات هذا الشهر؟ 今月の売上はいくら 本月销售额 ยอดขายเดือนนี้'],
  ['SQL', "'; DROP TABLE users; SELECT * FROM passwords WHERE 1=1 OR 'a'='a' --"],
  ['HTML', '<script>alert(document.cookie)</script><img src=x onerror="fetch(`//x`)">'],
  ['path and template', '../../etc/passwd {{constructor}} <%= 7*7 %> %00 %s%n'],
  ['marks and controls', '\u202e\u200b\u0000\u0007\ufeff\u0301'.repeat(60)],
  ['digits', '9'.repeat(3_000)],
]

/**
 * `npm run bench -- nlu`: one whole understanding in this process, on one thread, beside nlp.js with its NER over the same
 * utterances with the same names; and what no one means as a question, which must be done with soon and make no query.
 */
export async function measureNlu(): Promise<Figure[]> {
  const catalog = loadCatalog('catalog', 'demo-odata')
  const index = buildNameIndex(catalog, demoNames())
  const model = openRequestModel()
  const understand = createUnderstanding({ catalog, names: () => index, model: () => model })
  const read = (text: string) => understand({ text, today: benchDay, language: 'ko', state: {} })
  const ask = await createNlpPeer()
  const questions = askedQuestions()
  const take = (count: number) => Array.from({ length: count }, () => questions.next().value)
  await timeAll(take(warmUps), read)
  await timeAll(take(blockSize), ask)
  const ours: number[] = []
  const theirs: number[] = []
  const micros: number[] = []
  // In turn, block by block: whatever else the machine does falls on both.
  for (let at = 0; at < calls; at += blockSize) {
    const block = take(blockSize)
    const before = process.cpuUsage()
    ours.push(...(await timeAll(block, read)))
    const { user, system } = process.cpuUsage(before)
    micros.push((user + system) / block.length)
    theirs.push(...(await timeAll(block, ask)))
  }
  const name = 'nlp.js with NER'
  const beside = (share: number) => ({ name, value: quantile(theirs, share) })
  const p50 = quantile(ours, 0.5)
  const p99 = quantile(ours, 0.99)
  return [
    judged(comparedFigure('one understanding, p50', p50, 'ms', beside(0.5)), '≤ 0.5 ms', p50 <= 0.5),
    judged(comparedFigure('one understanding, p99', p99, 'ms', beside(0.99)), '≤ 3 ms', p99 <= 3),
    plainFigure('  processor time of one, median of blocks', median(micros), 'µs'),
    ...(await measureHostile(async (text) => (await read(text)).understanding)),
  ]
}

async function timeAll(texts: string[], run: (text: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (const text of texts) {
    const startedAt = performance.now()
    await run(text)
    times.push(performance.now() - startedAt)
  }
  return times
}

/** The slowest of a few calls each; a query made of any of it fails the figure. */
async function measureHostile(read: (text: string) => Promise<Understanding>): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, text] of hostile) {
    const times = await timeAll(
      Array.from({ length: hostileCalls }, () => text),
      read,
    )
    const slowest = Math.max(...times)
    const { query } = await read(text)
    const figure = plainFigure(query ? `${name}: made a query of ${query.entity}` : name, slowest, 'ms')
    figures.push(judged(figure, '≤ 50 ms, no query', slowest <= 50 && !query))
  }
  return figures
}
