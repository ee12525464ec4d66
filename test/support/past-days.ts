import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { type Play, readGroupsOfPast } from './alert-cases.ts'
import { playedInstance } from './monitoring-config.ts'
import { promtool, startPrometheus } from './monitoring-servers.ts'
import { createSeriesPlayer, writeSeries } from './played-series.ts'

/** As many as the rules look back. */
const days = 14
/** Of each day that much is there: the window before now, and as long as the test may last. */
const beforeSeconds = 70
const afterSeconds = 420

/**
 * Gives a Prometheus that is yet to start a past: at this time of each of the last 14 days `plays` were played, and the rules that others
 * look at days later were worked out on them, by promtool and by a real Prometheus.
 */
export async function writePastDays(folder: string, dataDir: string, plays: Play[], flags: string[]): Promise<void> {
  const now = Math.floor(Date.now() / 1_000)
  const series = join(folder, 'past.txt')
  writeFileSync(series, `${writeSamples(plays, now)}# EOF\n`)
  mkdirSync(dataDir)
  await promtoolTsdb('create-blocks-from', 'openmetrics', '--quiet', series, dataDir)

  const config = join(folder, 'past.yml')
  writeFileSync(config, stringify({ global: { scrape_interval: '1s' } }))
  const prometheus = await startPrometheus(config, dataDir, flags)
  try {
    const made = join(folder, 'past-rules')
    const rulesFile = join(folder, 'past-rules.yml')
    writeFileSync(rulesFile, stringify({ groups: readShortenedGroups(folder) }))
    for (let day = 1; day <= days; day += 1) {
      const start = now - day * 86_400
      const span = [`--start=${start}`, `--end=${start + afterSeconds}`, '--eval-interval=30s']
      await promtoolTsdb(
        'create-blocks-from',
        'rules',
        `--url=${prometheus.url}`,
        ...span,
        `--output-dir=${made}`,
        rulesFile,
      )
    }
    await prometheus.stop()
    for (const block of readdirSync(made)) renameSync(join(made, block), join(dataDir, block))
  } finally {
    await prometheus.stop()
  }
}

function writeSamples(plays: Play[], now: number): string {
  const lines: string[] = []
  for (let day = days; day >= 1; day -= 1) {
    const startMs = (now - day * 86_400 - beforeSeconds) * 1_000
    const players = plays.map((play) => createSeriesPlayer(play, startMs))
    for (let second = 0; second < beforeSeconds + afterSeconds; second += 1) {
      const at = startMs + second * 1_000
      for (const { name, labels, value } of players.flatMap((read) => read(at)))
        lines.push(`${writeSeries({ name, labels: { ...labels, instance: playedInstance } })} ${value} ${at / 1_000}\n`)
    }
  }
  return lines.join('')
}

/** With the windows that the Prometheus of `folder` has. */
function readShortenedGroups(folder: string) {
  const wanted = new Set(readGroupsOfPast().map(({ name }) => name))
  const rules = join(folder, 'rules')
  return readdirSync(rules)
    .flatMap((file) => parse(readFileSync(join(rules, file), 'utf8')).groups)
    .filter(({ name }: { name: string }) => wanted.has(name))
}

/** Meanwhile others are to be served. Throws what it says against it. */
async function promtoolTsdb(...args: string[]): Promise<void> {
  await promisify(execFile)(promtool, ['tsdb', ...args])
}
