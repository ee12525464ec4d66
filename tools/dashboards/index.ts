import { chatQuality } from './chat-quality.ts'
import { erp } from './erp.ts'
import { jobs } from './jobs.ts'
import { nlu } from './nlu.ts'
import { overview } from './overview.ts'
import type { Dashboard } from './panel.ts'
import { security } from './security.ts'

/** Every dashboard, by the name of its file in deploy/grafana/dashboards. */
export const dashboards: Record<string, Dashboard> = { overview, 'chat-quality': chatQuality, erp, nlu, jobs, security }
