import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMetrics } from '#platform/metrics'
import { createLogMetrics } from '../log-metrics.ts'
import { type FilesOptions, openFilesOutput } from './log-output.files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const faults: unknown[] = []
const dayMs = 24 * 3_600_000
const now = new Date('2026-11-28T12:00:00.000Z')

function open(options: Partial<FilesOptions> = {}) {
  faults.length = 0
  const metrics = createMetrics()
  const output = openFilesOutput(
    { folder, fileBytes: 1_000, streamBytes: 5_000, now: () => now, ...options },
    { metrics: createLogMetrics(metrics, () => undefined), onFault: (error) => void faults.push(error) },
  )
  return { output, metrics }
}

async function leave(name: string, daysOld: number, bytes = 10): Promise<void> {
  await writeFile(join(folder, name), 'x'.repeat(bytes))
  const at = new Date(now.getTime() - daysOld * dayMs)
  await utimes(join(folder, name), at, at)
}

const namesOf = async (stream: string) => (await readdir(folder)).filter((name) => name.startsWith(stream)).sort()

test('lines are written in order, a file begun when one is full, and of the streams each has its own', async () => {
  const output = await open({ streamBytes: 1_000_000 }).output
  for (let number = 0; number < 100; number += 1)
    output.offer('app', `{"number":${number},"fill":"${'x'.repeat(40)}"}\n`)
  output.offer('system', '{"system":1}\n')
  await output.close()
  // Lines that came while one write was under way go in one piece, which no file cuts in two.
  const names = await namesOf('app-')
  expect(names.length).toBeGreaterThan(1)
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const numbers = texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).number as number),
  )
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, number) => number))
  expect(await namesOf('system-')).toHaveLength(1)
  expect(faults).toEqual([])
})

test('at the start files go whose time is over: 7 days, 3 months, a year', async () => {
  await leave('app-20261121T110000-1-1.jsonl', 7.1)
  await leave('app-20261121T130000-1-1.jsonl', 6.9)
  await leave('system-20261120T000000-1-1.jsonl', 8)
  await leave('summary-20260829T000000-1-1.jsonl', 91)
  await leave('summary-20260831T000000-1-1.jsonl', 89)
  await leave('audit-20251127T000000-1-1.jsonl', 366)
  await leave('audit-20251129T000000-1-1.jsonl', 364)
  await leave('notes.txt', 999)
  await (await open().output).close()
  expect((await readdir(folder)).sort()).toEqual([
    'app-20261121T130000-1-1.jsonl',
    'audit-20251129T000000-1-1.jsonl',
    'notes.txt',
    'summary-20260831T000000-1-1.jsonl',
  ])
})

test('a stream that grows too large loses its oldest files, the audit never', async () => {
  for (const day of [1, 2, 3]) {
    await leave(`app-2026112${day}T000000-1-1.jsonl`, 7 - day, 2_000)
    await leave(`audit-2026112${day}T000000-1-1.jsonl`, 7 - day, 20_000)
  }
  const output = await open().output
  expect(await namesOf('app-')).toEqual(['app-20261122T000000-1-1.jsonl', 'app-20261123T000000-1-1.jsonl'])
  for (let round = 0; round < 10; round += 1) {
    output.offer('app', `${'x'.repeat(900)}\n`)
    await vi.waitFor(async () => expect((await namesOf('app-')).length).toBeLessThanOrEqual(6))
  }
  await output.close()
  expect(await namesOf('audit-')).toHaveLength(3)
})

test('a folder that is gone costs lines that are counted, not the process; what must be kept throws', async () => {
  const { output, metrics } = open()
  const opened = await output
  await rm(folder, { recursive: true })
  opened.offer('app', '{}\n')
  await vi.waitFor(async () =>
    expect((await metrics.registry.getSingleMetric('log_lines_dropped_total')?.get())?.values).toMatchObject([
      { value: 1, labels: { reason: 'disk' } },
    ]),
  )
  await expect(opened.deliver('audit', [{ id: '1', line: '{}\n' }])).rejects.toThrow('ENOENT')
  expect(faults.length).toBeGreaterThan(0)
  await opened.close()
})
