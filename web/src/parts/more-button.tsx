import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/client.ts'
import { Problem } from './problem.tsx'
import { asApiError } from './use-loaded.ts'

/** Loads what comes after what is shown; says so when that fails. */
export function MoreButton({ load }: { load: () => Promise<void> }) {
  const { t } = useTranslation()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  async function more(): Promise<void> {
    setBusy(true)
    setProblem(null)
    await load().catch((error: unknown) => setProblem(asApiError(error)))
    setBusy(false)
  }
  if (problem) return <Problem error={problem} onRetry={() => void more()} />
  return (
    <div>
      <button type="button" className="plain-button" disabled={isBusy} onClick={() => void more()}>
        {isBusy ? t('loading') : t('more')}
      </button>
    </div>
  )
}
