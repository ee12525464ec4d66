import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dashboards } from './dashboards/index.ts'
import { writeDashboard } from './dashboards/write-dashboard.ts'

const folder = join(import.meta.dirname, '../deploy/grafana/dashboards')
for (const [name, dashboard] of Object.entries(dashboards)) {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(writeDashboard(dashboard), null, 2)}\n`)
}
