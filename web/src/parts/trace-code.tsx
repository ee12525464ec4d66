import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import classes from './trace-code.module.css'
import { useCopy } from './use-copy.ts'

/** The first characters of a trace id; a press copies all of it. */
export function TraceCode({ id }: { id: string }) {
  const { t } = useTranslation()
  const { phase, copy } = useCopy()
  return (
    <button type="button" className={classes.trace} onClick={() => void copy(id)} title={id}>
      <span className="hidden-text">{t('problem.copyTrace')}: </span>
      <span>{phase === 'copied' ? t('copied') : `${t('problem.trace')} ${id.slice(0, 8)}`}</span>
      <Copy size={12} aria-hidden />
    </button>
  )
}
