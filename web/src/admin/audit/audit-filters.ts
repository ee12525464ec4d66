import type { AuditFilters } from '../../../../src/audit/api.ts'
import { endOfDay, startOfDay } from '../../parts/when.ts'

/** What is filled in above the trail; days are YYYY-MM-DD, empty fields ask for nothing. */
export type FilledFilters = {
  person: string
  action: string
  outcome: 'ok' | 'refused' | 'failed' | ''
  traceId: string
  firstDay: string
  lastDay: string
}

export const noFilters: FilledFilters = { person: '', action: '', outcome: '', traceId: '', firstDay: '', lastDay: '' }

/** What is asked of the server for what is filled in: whole days in Seoul, the last one included. */
export function toFilters(filled: FilledFilters): AuditFilters {
  const { outcome, firstDay, lastDay } = filled
  const person = filled.person.trim()
  const action = filled.action.trim()
  const traceId = filled.traceId.trim().toLowerCase()
  return {
    ...(person && { person }),
    ...(action && { action }),
    ...(outcome && { outcome }),
    ...(isTraceId(traceId) && { traceId }),
    ...(firstDay && { from: startOfDay(firstDay) }),
    ...(lastDay && { to: endOfDay(lastDay) }),
  }
}

/** Whether a text is a whole trace id, as the server takes it. */
export function isTraceId(text: string): boolean {
  return /^[\da-f]{32}$/.test(text)
}
