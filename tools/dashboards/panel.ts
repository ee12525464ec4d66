/** What a dashboard shows, in short; `write-dashboard.ts` makes Grafana's JSON of it. */
export type Dashboard = { uid: string; title: string; description: string; rows: Row[] }
type Row = { title: string; panels: Panel[] }

export type Panel = {
  title: string
  /** What to read from it, where the title does not say. */
  description?: string
  /** A unit of Grafana's. */
  unit: 's' | 'short' | 'percentunit' | 'bytes' | 'reqps' | 'ops' | 'dtdurations' | 'none'
  kind?: 'timeseries' | 'stat'
  /** PromQL and the legend of its series. `$__rate_interval` is Grafana's. */
  queries: [expr: string, legend: string][]
  /** Whether it goes below zero. */
  isSigned?: true
  /** What must be there before it shows data; absent: a running product under load is enough, if only for zeros. */
  needs?: 'TLS' | 'shipping of logs' | 'an evaluation' | 'a training job' | 'verdicts of people' | 'days of samples'
}

/** Quantile of a histogram, by labels. */
export function quantile(q: number, metric: string, { by = '', where = '' } = {}): string {
  const labels = by === '' ? 'le' : `${by}, le`
  return `histogram_quantile(${q}, sum by (${labels}) (rate(${metric}_bucket{${where}}[$__rate_interval])))`
}

/** Events a second of a counter, by labels. */
export function rateOf(metric: string, by: string, where = ''): string {
  return `sum by (${by}) (rate(${metric}{${where}}[$__rate_interval]))`
}
