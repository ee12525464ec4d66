import { erpErrors } from '#erp'
import type { RunBody } from '../api.ts'
import { copyErrors } from '../copy/errors.ts'
import { fullSyncErrors } from '../full/errors.ts'
import type { EntityRun, SyncRun } from '../full/sync-run.ts'

const known = new Map(
  [erpErrors, copyErrors, fullSyncErrors].flatMap((specs) => Object.values(specs)).map((spec) => [spec.code, spec]),
)

/** A run as its managers see it. Of differences they see where, not what: managing the system is no right to the ERP's data. */
export function describeRun({ error, entities, ...run }: SyncRun): RunBody {
  return { ...run, ...describeError(error), entities: entities.map(describeEntity) }
}

function describeEntity({ error, differences, ...entity }: EntityRun): RunBody['entities'][number] {
  return {
    ...entity,
    ...describeError(error),
    differences: differences.map(({ key, kind, field }) => ({ key, kind, ...(field === undefined ? {} : { field }) })),
  }
}

function describeError(code: string | undefined): { error?: { code: string; ko: string; en: string } } {
  if (code === undefined) return {}
  const spec = known.get(code)
  const inside = {
    ko: '서버에 문제가 생겼어요. 로그를 확인해 주세요.',
    en: 'Something went wrong inside; look at the log.',
  }
  return { error: { code, ko: spec?.ko ?? inside.ko, en: spec?.en ?? inside.en } }
}
