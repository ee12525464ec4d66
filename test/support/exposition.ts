/** A metric as the Prometheus text format shows it. `series`: its labels as text, histograms without their buckets' bounds. */
export type ShownMetric = { name: string; type: string; help: string; labels: Set<string>; series: Set<string> }

/** Takes apart the Prometheus text format, version 0.0.4. */
export function readExposition(text: string): Map<string, ShownMetric> {
  const metrics = new Map<string, ShownMetric>()
  for (const line of text.split('\n')) {
    const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? []
    if (name) metrics.set(name, { name, help, type: '', labels: new Set(), series: new Set() })
    const [, typed = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
    const described = metrics.get(typed)
    if (described) described.type = type
    const [, sample = '', inside = ''] = /^([a-z_:][\w:]*)(?:\{(.*)\})? /i.exec(line) ?? []
    const metric = metrics.get(sample) ?? metrics.get(sample.replace(/_(bucket|sum|count)$/, ''))
    if (!metric) continue
    const pairs = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].filter(
      ([, label]) => label !== 'le' && label !== 'quantile',
    )
    for (const [, label = ''] of pairs) metric.labels.add(label)
    metric.series.add(pairs.map(([pair]) => pair).join(','))
  }
  return metrics
}
