import { FileDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Answer } from '../../../src/chat/api.ts'
import type { ChatRequests } from '../api/chat-requests.ts'
import classes from './file-button.module.css'
import { useExport } from './use-export.ts'

type Props = { file: NonNullable<Answer['download']>; requests: ChatRequests }

/** The file the person asked for, to fetch with one press. */
export function FileButton({ file, requests }: Props) {
  const { t } = useTranslation()
  const { phase, download } = useExport(requests)
  return (
    <div className={classes.file}>
      <button
        type="button"
        className="plain-button"
        disabled={phase === 'busy'}
        onClick={() => void download(file.url, file.format)}
      >
        <FileDown size={16} aria-hidden />
        {t('answer.file', { format: t(`answer.${file.format}`) })}
      </button>
      {phase === 'failed' && (
        <p className={classes.failed} role="alert">
          {t('answer.exportFailed')}
        </p>
      )}
    </div>
  )
}
