import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from './problem.tsx'
import classes from './reading.module.css'
import { Refused } from './refused.tsx'
import type { LoadedHandle } from './use-loaded.ts'

type Props<T> = { of: LoadedHandle<T>; rows?: number; children: (value: T) => ReactNode }

/** A value in each of its states: a skeleton, why it isn't there and a way to try again, or what is made of it. */
export function Reading<T>({ of: { loaded, reload }, rows = 4, children }: Props<T>) {
  const { t } = useTranslation()
  if (loaded.state === 'ready') return children(loaded.value)
  if (loaded.state === 'failed') {
    const { error } = loaded
    if (error.status !== 403) return <Problem error={error} onRetry={reload} />
    return <Refused reason={error.code === 'FORBIDDEN' ? undefined : error.message || undefined} />
  }
  return (
    <div className={classes.skeleton} aria-busy="true">
      <p className="hidden-text" role="status">
        {t('loading')}
      </p>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <div key={row} className="skeleton" />
      ))}
    </div>
  )
}
