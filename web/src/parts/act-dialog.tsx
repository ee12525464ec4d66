import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/client.ts'
import classes from './act-dialog.module.css'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'
import { asApiError } from './use-loaded.ts'

type Props = {
  title: string
  /** What will happen. */
  text?: string
  action: string
  isDangerous?: boolean
  /** Whether what is filled in is enough; the press tells the fields to say what is missing. */
  isReady?: boolean
  onTry?: () => void
  /** The work; the dialog closes when it has succeeded, and tells when it has not. */
  act: () => Promise<void>
  onClose: () => void
  children?: ReactNode
}

/** A dialog that does one thing. */
export function ActDialog({ title, text, action, isDangerous, isReady = true, onTry, act, onClose, children }: Props) {
  const { t } = useTranslation()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    onTry?.()
    if (!isReady || isBusy) return
    setBusy(true)
    setProblem(null)
    try {
      await act()
      onClose()
    } catch (error) {
      setProblem(asApiError(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
        {text && <p className={classes.text}>{text}</p>}
        {children}
        {problem && <Problem error={problem} />}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" className={isDangerous ? classes.dangerous : classes.primary} disabled={isBusy}>
            {isBusy ? t('working') : action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
