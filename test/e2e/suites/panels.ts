import { describe, expect, test } from 'vitest'
import { dashboards } from '../../../tools/dashboards/index.ts'
import { queryPrometheus } from '../../support/monitoring-servers.ts'

/** Every panel's queries, asked of a Prometheus that looks at a running product under load. */
export function describePanels(prometheus: () => string): void {
  const panels = Object.entries(dashboards).flatMap(([dashboard, { rows }]) =>
    rows.flatMap((row) => row.panels.map((panel) => ({ dashboard, row: row.title, ...panel }))),
  )
  const ask = (expr: string) => queryPrometheus(prometheus(), expr.replaceAll('$__rate_interval', '15s'))

  describe('dashboards', () => {
    test.each(panels.filter(({ needs }) => !needs))('$dashboard: $row: $title', async ({ queries }) => {
      for (const [index, [expr, legend]] of queries.entries()) {
        // What is compared with past days has only the present here, and a second query of a panel may be of rare things.
        const isOfPast = /anomaly:past|rate3d/.test(expr)
        if (isOfPast) await ask(expr)
        else
          await expect.poll(() => ask(expr).then(countFigures), { timeout: 30_000, interval: 1_000 }).toBeGreaterThan(0)
        const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
        const [series] = await ask(expr)
        const known = Object.keys(series?.metric ?? {})
        if (!isOfPast && known.length > 0) expect([index, known]).toEqual([index, expect.arrayContaining(labels)])
      }
    })

    test.each(panels.filter(({ needs }) => needs))(
      '$dashboard: $row: $title can be asked; it needs $needs',
      async ({ queries }) => {
        for (const [expr] of queries) await ask(expr)
      },
    )
  })
}

/** Series that have a figure: a quantile of nothing is not one. */
function countFigures(series: Awaited<ReturnType<typeof queryPrometheus>>): number {
  return series.filter(({ value }) => Number.isFinite(Number(value[1]))).length
}
