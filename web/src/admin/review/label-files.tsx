import { Download, Upload } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Imported } from '../../../../src/training/labels/api.ts'
import { ApiError } from '../../api/client.ts'
import { ActDialog } from '../../parts/act-dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Problem } from '../../parts/problem.tsx'
import { asApiError } from '../../parts/use-loaded.ts'
import type { TrainingRequests } from '../training-requests.ts'
import classes from './review-page.module.css'

type Props = { requests: TrainingRequests; onImported: () => void }

/** Labelled sentences as files: brought in, and taken out. */
export function LabelFiles({ requests, onImported }: Props) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  const [imported, setImported] = useState<Imported | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  async function save(format: 'csv' | 'jsonl'): Promise<void> {
    setProblem(null)
    await requests.exportLabels(format).catch((error: unknown) => setProblem(asApiError(error)))
  }
  return (
    <>
      <button type="button" className="plain-button" onClick={() => setOpen(true)}>
        <Upload size={14} aria-hidden />
        {t('review.files.import')}
      </button>
      {(['csv', 'jsonl'] as const).map((format) => (
        <button key={format} type="button" className="plain-button" onClick={() => void save(format)}>
          <Download size={14} aria-hidden />
          {t(`review.files.${format}`)}
        </button>
      ))}
      {imported && (
        <p className={classes.imported} role="status">
          {t('review.files.imported', imported)}
        </p>
      )}
      {problem && <Problem error={problem} />}
      {isOpen && (
        <ImportDialog
          bring={async (file) => {
            setImported(await requests.importLabels(file))
            onImported()
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

const codes = [
  'HEADER_MISSING',
  'LINE_UNREADABLE',
  'TEXT_MISSING',
  'TEXT_TOO_LONG',
  'LABEL_UNKNOWN',
  'QUERY_INVALID',
  'LABEL_CONFLICT',
] as const

function ImportDialog({ bring, onClose }: { bring: (file: File) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [file, setFile] = useState<File | null>(null)
  const [isTried, setTried] = useState(false)
  const [problems, setProblems] = useState<ApiError['details']>([])
  async function act(): Promise<void> {
    setProblems([])
    try {
      if (file) await bring(file)
    } catch (error) {
      if (error instanceof ApiError) setProblems(error.details)
      throw error
    }
  }
  return (
    <ActDialog
      title={t('review.files.importTitle')}
      text={t('review.files.importText')}
      action={t('review.files.import')}
      isReady={file !== null}
      onTry={() => setTried(true)}
      act={act}
      onClose={onClose}
    >
      <TextField
        label={t('review.files.file')}
        type="file"
        accept=".csv,.jsonl,text/csv"
        error={isTried && !file ? t('review.files.missing') : null}
        onChange={({ target }) => setFile(target.files?.[0] ?? null)}
      />
      {problems.length > 0 && (
        <ul className={classes.problems} aria-label={t('review.files.problems')}>
          {problems.map(({ field = '', issue }) => {
            const code = codes.find((one) => one === issue)
            return (
              <li key={`${field} ${issue}`}>
                {t('review.files.line', { line: field.replace(/\D/g, '') })}:{' '}
                {code ? t(`review.files.problem.${code}`) : issue}
              </li>
            )
          })}
        </ul>
      )}
    </ActDialog>
  )
}
