import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { readSeconds } from './alert-cases.ts'
import { secondsPerSecond } from './played-series.ts'

/**
 * The configurations of deploy/, rewritten for a test: other addresses, and everything quicker. Windows of 5 to 60 minutes become
 * 15 s, and what an alert waits before it fires 1 s; expressions, thresholds, labels, texts, routes and templates stay as shipped.
 */
const repository = join(import.meta.dirname, '../..')
const deployed = (path: string) => readFileSync(join(repository, 'deploy', path), 'utf8')

export type Targets = { service: string; node: string; alertmanager: string; prometheus?: string }

/** Writes prometheus.yml and its rules into `folder`; returns the configuration's path. */
export function writePrometheusConfig(folder: string, targets: Targets): string {
  const config = parse(deployed('prometheus/prometheus.yml'))
  Object.assign(config.global, { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' })
  const own: Record<string, string> = {
    'erp-chatbot': targets.service,
    node: targets.node,
    alertmanager: targets.alertmanager,
  }
  config.scrape_configs = config.scrape_configs
    .filter(({ job_name: job }: { job_name: string }) => job in own)
    .map((scrape: { job_name: string; static_configs: { labels?: object }[] }) => {
      const [first] = scrape.static_configs
      return { ...scrape, static_configs: [{ ...first, targets: [own[scrape.job_name]] }] }
    })
  config.alerting.alertmanagers[0].static_configs[0].targets = [targets.alertmanager]
  writeRules(folder, (rules, file) =>
    file.startsWith('anomaly')
      ? rules
      : rules
          .replaceAll(/\[(5|10|15|20|30)m\]/g, '[15s]')
          .replaceAll('[1h]', '[15s]')
          .replaceAll(/for: \d+[mh]/g, 'for: 1s'),
  )
  return writeConfig(folder, config)
}

/**
 * The same for series that a test plays at `player`, a minute a second: windows, waits and offsets are a sixtieth of those shipped, so
 * that counts and their thresholds stay as they are. Offsets of days stay days.
 */
export function writePlayedConfig(
  folder: string,
  { player, alertmanager }: { player: string; alertmanager: string },
): string {
  const config = parse(deployed('prometheus/prometheus.yml'))
  Object.assign(config.global, { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' })
  config.scrape_configs = [
    {
      job_name: 'player',
      honor_labels: true,
      static_configs: [{ targets: [player], labels: { instance: playedInstance } }],
    },
  ]
  config.alerting.alertmanagers[0].static_configs[0].targets = [alertmanager]
  writeRules(folder, (rules) =>
    rules.replaceAll(/(\[|for: )(\d+[smhd])\b|(offset )(\d+[mh])\b/g, (_all, before, window, offset, by) => {
      return `${before ?? offset}${readSeconds(window ?? by) / secondsPerSecond}s`
    }),
  )
  return writeConfig(folder, config)
}

/** The label `instance` of what is played. */
export const playedInstance = 'played'

function writeRules(folder: string, quicken: (rules: string, file: string) => string): void {
  mkdirSync(join(folder, 'rules'))
  for (const file of readdirSync(join(repository, 'deploy/prometheus/rules')))
    writeFileSync(join(folder, 'rules', file), quicken(deployed(`prometheus/rules/${file}`), file))
}

function writeConfig(folder: string, config: unknown): string {
  const path = join(folder, 'prometheus.yml')
  writeFileSync(path, stringify(config))
  return path
}

/** The flags of prometheus.service, without those that say where it lies and listens. */
export function readPrometheusFlags(): string[] {
  const [, command = ''] = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(deployed('prometheus/prometheus.service')) ?? []
  const flags = command.split(/\s+/).filter((word) => word.startsWith('--'))
  return flags.filter((flag) => !/^--(config\.file|storage\.tsdb\.path|web\.listen-address)=/.test(flag))
}

/** Writes alertmanager.yml and its templates into `folder`; returns the configuration's path. */
export function writeAlertmanagerConfig(
  folder: string,
  { slackUrl, smtpUrl }: { slackUrl: string; smtpUrl: string },
): string {
  const { smtp_from } = parse(deployed('alertmanager/alertmanager.yml')).global
  const config = parse(deployed('alertmanager/alertmanager.yml'))
  writeFileSync(join(folder, 'slack-url'), slackUrl)
  config.global = {
    ...{ smtp_from, smtp_smarthost: new URL(smtpUrl).host, smtp_require_tls: false },
    slack_api_url_file: join(folder, 'slack-url'),
  }
  const quick = { group_wait: '1s', group_interval: '2s' }
  Object.assign(config.route, quick)
  for (const route of config.route.routes) Object.assign(route, quick)
  cpSync(join(repository, 'deploy/alertmanager/templates'), join(folder, 'templates'), { recursive: true })
  const path = join(folder, 'alertmanager.yml')
  writeFileSync(path, stringify(config))
  return path
}
